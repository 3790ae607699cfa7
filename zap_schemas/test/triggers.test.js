'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, create, hosted, receiver, run } = require('./stage');

const events = Object.entries(app.triggers).filter(([, trigger]) => trigger.operation.type === 'hook');

const keysOf = (key) => app.triggers[key].operation.outputFields.map((field) => field.key);

// Subscribed until the test ends; `next()` waits for what the trigger makes of the next event.
const subscribed = async (t, key, inputData = {}) => {
  const { url, next } = await receiver(t);
  const bundle = { inputData, targetUrl: url };
  const subscribeData = await run(`triggers.${key}.operation.performSubscribe`, bundle);
  const unsubscribe = () => run(`triggers.${key}.operation.performUnsubscribe`, { ...bundle, subscribeData });
  t.after(unsubscribe);
  const told = async () => run(`triggers.${key}.operation.perform`, { ...bundle, cleanedRequest: await next() });
  return { subscribeData, unsubscribe, told };
};

const parsed = async (t, name) => create('parse_certificate', { file: await hosted(t, name, { isNew: true }) });

test('the lists below have something to show', async (t) => {
  await parsed(t, 'compliant.pdf');
  await create('process_certificate', { file: await hosted(t, 'not-compliant.pdf'), push: false }, { meta: { isLoadingSample: true } });
});

for (const [key, { operation }] of events) {
  test(`${key}: its list has exactly the declared keys, in order`, async () => {
    const items = await run(`triggers.${key}.operation.performList`, { meta: { isLoadingSample: true } });
    assert.ok(items.length <= 3);
    for (const item of items) {
      assert.deepEqual(Object.keys(item), operation.outputFields.map((field) => field.key));
      for (const sampled of Object.keys(operation.sample)) assert.ok(sampled in item, sampled);
    }
  });
}

test('a list can be narrowed by the days that the user chose', async () => {
  const days = (expires_within) => run('triggers.certificate_expiring.operation.performList', { inputData: { expires_within } });
  assert.deepEqual(await days('1'), []);
  assert.ok((await days('365')).length > 0);
});

test('a new certificate is told at once, with the keys of the list', async (t) => {
  const { told } = await subscribed(t, 'certificate_parsed');
  const { certificate_id } = await parsed(t, 'compliant.pdf');
  const [certificate, ...more] = await told();
  assert.deepEqual(more, []);
  assert.equal(certificate.certificate_id, certificate_id);
  assert.deepEqual(Object.keys(certificate), keysOf('certificate_parsed'));
  const listed = await run('triggers.certificate_parsed.operation.performList');
  assert.deepEqual(Object.keys(listed[0]), Object.keys(certificate));
});

test('each verdict is told to its own trigger, with the notice', async (t) => {
  const bad = await subscribed(t, 'certificate_non_compliant');
  const good = await subscribed(t, 'certificate_compliant');
  const check = async (name, trade) => create('check_certificate', { certificate_id: (await parsed(t, name)).certificate_id, trade });
  const refused = await check('not-compliant.pdf');
  const accepted = await check('compliant.pdf');
  const [told] = await bad.told();
  assert.equal(told.check_id, refused.check_id);
  assert.equal(told.notice_text, refused.notice_text);
  assert.equal((await good.told())[0].check_id, accepted.check_id);
});

test('a push is told when it has arrived, and when it failed', async (t) => {
  const finished = await subscribed(t, 'push_finished');
  const failed = await subscribed(t, 'push_failed');
  const { certificate_id } = await parsed(t, 'compliant.pdf');
  await create('check_certificate', { certificate_id });
  const inEditor = { meta: { isLoadingSample: true } };
  await create('log_to_sheet', { certificate_id }, inEditor);
  assert.equal((await finished.told())[0].certificate_id, certificate_id);
  await assert.rejects(create('push_to_procore', { certificate_id, procore_vendor_id: '1' }, inEditor));
  const [push] = await failed.told();
  assert.equal(push.status, 'failed');
  assert.ok(push.next_step);
});

test('nobody is told after the end of a subscription, and it may be ended twice', async (t) => {
  const first = await subscribed(t, 'certificate_parsed');
  const second = await subscribed(t, 'certificate_parsed');
  assert.notEqual(first.subscribeData.id, second.subscribeData.id);
  await first.unsubscribe();
  await first.unsubscribe();
  await parsed(t, 'compliant.pdf');
  await second.told();
  const silence = new Promise((resolve) => setTimeout(resolve, 1000, 'silence'));
  assert.equal(await Promise.race([first.told(), silence]), 'silence');
});

test('the days before an expiration belong to the subscription', async (t) => {
  const { subscribeData } = await subscribed(t, 'certificate_expiring', { expires_within: '14' });
  assert.equal(subscribeData.days, 14);
  await assert.rejects(subscribed(t, 'certificate_expiring', { expires_within: 'soon' }), /Days before expiration/);
});
