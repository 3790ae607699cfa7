'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, authData, checked, create, hosted, run, serve } = require('./stage');

const choices = (list, inputData = {}, page = 0, event = {}) => run(`triggers.${list}.operation.perform`, { inputData, meta: { page } }, event);

test('every dropdown is filled with the keys that it names', async (t) => {
  await create('parse_certificate', { file: await hosted(t, 'compliant.pdf') });
  const parts = [...Object.values(app.creates), ...Object.values(app.searches)];
  const named = new Set(parts.flatMap(({ operation }) => operation.inputFields.map((field) => field.dynamic)).filter(Boolean));
  for (const dynamic of named) {
    const [list, key, label] = dynamic.split('.');
    const items = await run(`triggers.${list}.operation.perform`, { meta: { page: 0 } });
    assert.ok(Array.isArray(items), list);
    for (const item of items) assert.ok(item[key] && label in item, dynamic);
  }
});

// One page of a dropdown and the cursor kept for the next. Core's stand-in for Zapier's memory
// keeps what is set as a name, and answers what is kept under the name `undefined`.
const paged = async (list, inputData, page, cursor) => {
  const cursorTestObj = cursor === undefined ? {} : { undefined: cursor };
  const items = await choices(list, inputData, page, { cursorTestObj });
  return { items, next: Object.keys(cursorTestObj).find((name) => name !== 'undefined') };
};

test('a dropdown of one page ends there', async () => {
  const { items, next } = await paged('list_rule_sets', {}, 0);
  assert.ok(items.some((item) => item.rule_set === 'standard-subcontractor'));
  assert.equal(next, '');
  assert.deepEqual((await paged('list_rule_sets', {}, 1, next)).items, []);
});

test('there are dropdowns for rule sets, trades, Procore companies, projects and vendors, and sheets', () => {
  const parts = Object.values(app.creates).flatMap(({ operation }) => operation.inputFields);
  const filled = new Set(parts.map(({ dynamic }) => dynamic?.split('.')[0]));
  for (const list of ['rule_sets', 'trades', 'procore_companies', 'procore_projects', 'procore_vendors', 'worksheets']) {
    assert.ok(filled.has(`list_${list}`), list);
  }
});

test('every page of vendors is shown, each vendor once, and a part of the name narrows them', async (t) => {
  const { certificate_id } = await create('parse_certificate', { file: await hosted(t, 'compliant.pdf') });
  const names = Array.from({ length: 51 }, (_, number) => `Paged Vendor ${String(number).padStart(2, '0')}`);
  for (const vendor_name of names) await create('check_certificate', { certificate_id, vendor_name });
  const first = await paged('list_vendors', {}, 0);
  const second = await paged('list_vendors', {}, 1, first.next);
  assert.deepEqual([first.items.length, second.next], [50, '']);
  const shown = [...first.items, ...second.items].map((item) => item.vendor_name);
  assert.deepEqual(shown.filter((name) => names.includes(name)), names);
  assert.deepEqual((await choices('list_vendors', { name: 'vendor 07' })).map((item) => item.vendor_name), ['Paged Vendor 07']);
});

test('the checks of the chosen certificate are offered, told apart by name, verdict and time', async (t) => {
  const { certificate_id, check_id } = await checked(t);
  await checked(t, 'not-compliant.pdf');
  const [check, ...more] = await choices('list_checks', { certificate_id, rule_set: 'not for this list' });
  assert.deepEqual(more, []);
  assert.equal(check.check_id, check_id);
  assert.match(check.choice_label, /^Northfield Roofing LLC, compliant, \d{4}-\d\d-\d\d \d\d:\d\d$/);
});

test('only what narrows the list goes to the service', async (t) => {
  let asked;
  const base_url = await serve(t, (request, response) => {
    asked = request.url;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"items": [], "next": null}');
  }, { tls: true });
  await run('triggers.list_trades.operation.perform', { authData: { ...authData, base_url }, inputData: { trade: 'roofing', reason: 'secret' }, meta: { page: 0 } });
  assert.equal(asked, '/v1/trades');
});
