'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, create, hosted, run } = require('./stage');

const keysOf = (key) => app.creates[key].operation.outputFields.map((field) => field.key);

const parsed = async (t, name = 'compliant.pdf') => create('parse_certificate', { file: await hosted(t, name) });

test('the connection is tested and labelled with the account', async () => {
  const account = await run('authentication.test');
  assert.equal(account.account_name, 'Demo');
  assert.equal(app.authentication.connectionLabel, '{{account_name}}');
});

test('a certificate is parsed from a mapped file into every declared field, in order', async (t) => {
  const certificate = await parsed(t);
  assert.deepEqual(Object.keys(certificate), keysOf('parse_certificate'));
  assert.equal(certificate.insured_name, 'Northfield Roofing LLC');
  assert.equal(certificate.general_liability_each_occurrence, 1_000_000);
  assert.equal(certificate.document_name, 'compliant.pdf');
});

test('the same certificate again is the same one', async (t) => {
  const [first, again] = [await parsed(t), await parsed(t)];
  assert.equal(again.certificate_id, first.certificate_id);
  assert.equal(again.is_duplicate, true);
});

test('not compliant is data with its notice, never an error', async (t) => {
  const { certificate_id } = await parsed(t, 'not-compliant.pdf');
  const check = await create('check_certificate', { certificate_id, rule_set: 'standard-subcontractor' });
  assert.deepEqual(Object.keys(check), keysOf('check_certificate'));
  assert.equal(check.status, 'non_compliant');
  assert.equal(check.is_compliant, false);
  assert.match(check.notice_text, /required/);
});

test('money, days and lists of names arrive as they were typed', async (t) => {
  const { certificate_id } = await parsed(t);
  const check = await create('check_certificate', {
    certificate_id,
    subcontract_value: '$1,250,000.00',
    project_end: '6/30/2026',
    owner: ['Lakeside Health', 'Lakeside Medical Center'],
    trade: '',
  });
  assert.equal(check.subcontract_value, 1_250_000);
  assert.equal(check.trade, null);
});

test('a checked certificate is pushed to Procore once', async (t) => {
  const { certificate_id } = await parsed(t);
  const check = await create('check_certificate', { certificate_id, rule_set: 'standard-subcontractor' });
  const { check_id } = check;
  const first = await create('push_to_procore', { certificate_id, check_id }, { meta: { isLoadingSample: true } });
  assert.deepEqual(Object.keys(first), keysOf('push_to_procore'));
  assert.equal(first.job_status, 'done');
  assert.equal(first.status, 'pushed');
  const again = await create('push_to_procore', { certificate_id, check_id }, { meta: { isLoadingSample: true } });
  assert.equal(again.push_id, first.push_id);
  assert.equal(again.records_created, 0);
});

test('a checked certificate is logged', async (t) => {
  const { certificate_id } = await parsed(t);
  await create('check_certificate', { certificate_id });
  const logged = await create('log_to_sheet', { certificate_id }, { meta: { isLoadingSample: true } });
  assert.deepEqual(Object.keys(logged), keysOf('log_to_sheet'));
  assert.match(logged.status, /pushed|unchanged/);
});

test('one step does all four', async (t) => {
  const file = await hosted(t, 'not-compliant.pdf');
  const done = await create('process_certificate', { file, push: false }, { meta: { isLoadingSample: true } });
  assert.deepEqual(Object.keys(done), keysOf('process_certificate'));
  assert.equal(done.check_status, 'non_compliant');
  assert.equal(done.procore_status, null);
});

test('answers have the types that the fields declare', async (t) => {
  const types = { string: 'string', datetime: 'string', integer: 'number', number: 'number', boolean: 'boolean' };
  const certificate = await parsed(t);
  for (const { key, type } of app.creates.parse_certificate.operation.outputFields) {
    const value = certificate[key];
    if (value !== null) assert.equal(typeof value, types[type], key);
    if (type === 'integer' && value !== null) assert.ok(Number.isInteger(value), key);
  }
});

test('every sample has keys that are always answered', async (t) => {
  const certificate = await parsed(t);
  for (const key of Object.keys(app.creates.parse_certificate.operation.sample)) {
    assert.ok(key in certificate, key);
  }
});
