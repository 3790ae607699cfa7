'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, create, hosted, run } = require('./stage');

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

test('a dropdown goes on by pages and ends', async () => {
  const pages = { cursorTestObj: {} };
  const perform = 'triggers.list_rule_sets.operation.perform';
  const first = await run(perform, { meta: { page: 0 } }, pages);
  assert.ok(first.some((item) => item.rule_set === 'standard-subcontractor'));
  assert.deepEqual(await run(perform, { meta: { page: 1 } }, pages), []);
});
