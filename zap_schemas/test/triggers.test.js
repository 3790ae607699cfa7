'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, create, hosted, receiver, run } = require('./stage');

const events = Object.entries(app.triggers).filter(([, trigger]) => trigger.operation.type === 'hook');

for (const [key, { operation }] of events) {
  test(`${key}: its list has exactly the declared keys, in order`, async (t) => {
    await create('process_certificate', { file: await hosted(t, 'not-compliant.pdf'), push: false }, { meta: { isLoadingSample: true } });
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
  assert.ok((await days('400')).length > 0);
});
