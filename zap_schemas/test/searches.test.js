'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, create, hosted, run } = require('./stage');

const search = (key, inputData) => run(`searches.${key}.operation.perform`, { inputData });

const keysOf = (key) => app.searches[key].operation.outputFields.map((field) => field.key);

const parsed = async (t) => create('parse_certificate', { file: await hosted(t, 'compliant.pdf') });

test('a certificate is found by a part of its insured and by its vendor, with every declared key', async (t) => {
  const { certificate_id } = await parsed(t);
  for (const asked of [{ insured_name: 'northfield' }, { vendor_name: 'Northfield Roofing, LLC' }]) {
    const [found, ...more] = await search('find_certificate', asked);
    assert.deepEqual(more, []);
    assert.deepEqual(Object.keys(found), keysOf('find_certificate'));
    assert.equal(found.insured_name, 'Northfield Roofing LLC');
  }
  const again = await parsed(t);
  assert.equal(again.certificate_id, certificate_id);
});

test('the coverage of a vendor is found by its name, general liability unless another line is asked', async (t) => {
  await parsed(t);
  const [found] = await search('find_vendor_coverage', { vendor_name: 'Northfield Roofing LLC' });
  assert.deepEqual(Object.keys(found), keysOf('find_vendor_coverage'));
  assert.equal(found.coverage_line, 'general_liability');
  const [other] = await search('find_vendor_coverage', { vendor_name: 'Northfield Roofing LLC', coverage_line: 'auto_liability' });
  assert.equal(other.coverage_line, 'auto_liability');
});

test('nothing found is an empty list, never an error', async () => {
  assert.deepEqual(await search('find_certificate', { insured_name: 'Nobody and Sons' }), []);
  assert.deepEqual(await search('find_certificate', { vendor_name: 'Nobody and Sons' }), []);
  assert.deepEqual(await search('find_vendor_coverage', { vendor_name: 'Nobody and Sons' }), []);
});

test('a search without anything to search by says what to fill in', async () => {
  await assert.rejects(search('find_certificate', {}), { name: 'AppError', message: /Fill in the vendor/ });
  await assert.rejects(search('find_vendor_coverage', { vendor_name: '' }), { name: 'AppError', message: /Fill in the vendor/ });
});

test('find or parse: what is not found is parsed from the file, and is found from then on', async (t) => {
  const both = app.searchOrCreates.find_certificate;
  assert.deepEqual([both.search, both.create], ['find_certificate', 'parse_certificate']);
  assert.deepEqual(await search(both.search, { insured_name: 'Nobody and Sons' }), []);
  const file = await hosted(t, 'compliant.pdf', { isNew: true });
  const made = await create(both.create, { file }, { meta: { withSearch: both.search } });
  const [found] = await search(both.search, { insured_name: 'Northfield Roofing' });
  assert.equal(found.certificate_id, made.certificate_id);
  for (const key of keysOf(both.search)) assert.ok(key in made, key);
});

test('a search asks for no deduplication key, which would give an old answer again', () => {
  for (const { operation } of Object.values(app.searches)) {
    assert.ok(!operation.inputFields.some(({ key }) => key === 'deduplication_key'));
  }
});
