'use strict';

// Each trigger: subscribed, its event made to happen, delivered with every declared key, ended.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, assertDeclared, beginDay, checked, create, hosted, ours, receiver, run } = require('./stage');

const IN_EDITOR = { meta: { isLoadingSample: true } };

const hooks = Object.entries(app.triggers).filter(([, { operation }]) => operation.type === 'hook');

const parsed = async (t, name = 'compliant.pdf') => create('parse_certificate', { file: await hosted(t, name, { isNew: true }) });

const dayBefore = (day, days) => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);

// Trigger -> what makes its event happen; what must come with it. `filters` are the user's own.
const HAPPENS = {
  certificate_parsed: { make: async (t) => {
    const { certificate_id } = await parsed(t);
    return { certificate_id };
  } },
  certificate_compliant: { make: async (t) => ({ ...await checked(t), status: 'compliant', is_compliant: true }) },
  certificate_non_compliant: { make: async (t) => ({ ...await checked(t, 'not-compliant.pdf'), status: 'non_compliant' }) },
  certificate_needs_review: { make: async (t) => ({ ...await checked(t, 'compliant.pdf', { vendor_name: 'Somebody Else Inc' }), status: 'needs_review', is_compliant: null }) },
  certificate_expiring: { filters: { expires_within: '21' }, make: async (t) => {
    const { certificate_id, earliest_expiration_date } = await parsed(t);
    await beginDay(dayBefore(earliest_expiration_date, 20));
    return { certificate_id };
  } },
  certificate_lapsed: { make: async (t) => {
    const { certificate_id, earliest_expiration_date } = await parsed(t);
    await beginDay(earliest_expiration_date);
    return { certificate_id };
  } },
  coverage_changed: { make: async (t) => {
    await parsed(t);
    const { certificate_id } = await parsed(t, 'lower-limit.pdf');
    return { certificate_id, changed_field: 'general_liability_each_occurrence', direction: 'decreased', old_value: '$1,000,000', new_value: '$500,000' };
  } },
  push_finished: { make: async (t) => {
    const { push_id } = await create('log_to_sheet', await checked(t));
    return { push_id, destination: 'google_sheets' };
  } },
  push_failed: { make: async (t) => {
    const { certificate_id } = await checked(t);
    await assert.rejects(create('push_to_procore', { certificate_id, procore_vendor_id: '1' }));
    return { certificate_id, destination: 'procore', status: 'failed' };
  } },
};

const isActive = async ({ id }) => (await ours('/v1/hooks')).items.some((hook) => hook.id === id);

const agrees = (item, expected) => Object.entries(expected).every(([key, value]) => item[key] === value);

for (const [key, trigger] of hooks) {
  test(`${key} is subscribed, delivered with what its list has, and unsubscribed`, async (t) => {
    assert.ok(HAPPENS[key], `Say in HAPPENS what makes ${key} happen.`);
    const { filters = {}, make } = HAPPENS[key];
    const { url, next } = await receiver(t);
    const bundle = { inputData: filters, targetUrl: url };
    const part = `triggers.${key}.operation`;
    const subscribeData = await run(`${part}.performSubscribe`, bundle);
    assert.ok(await isActive(subscribeData));

    const expected = await make(t);
    let told;
    do [told] = await run(`${part}.perform`, { ...bundle, cleanedRequest: await next() });
    while (!agrees(told, expected)); // what happened in the tests before may still be on its way
    assertDeclared(trigger, told);
    const listed = await run(`${part}.performList`, { ...bundle, ...IN_EDITOR });
    for (const item of listed) assertDeclared(trigger, item);

    for (const _ of ['once', 'twice']) {
      await run(`${part}.performUnsubscribe`, { ...bundle, subscribeData });
      assert.ok(!(await isActive(subscribeData)));
    }
  });
}
