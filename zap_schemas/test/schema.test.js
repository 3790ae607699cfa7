'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { createAppHandler } = require('zapier-platform-core');

const { app } = require('./stage');

const problems = async (definition) => (await createAppHandler(definition)({ command: 'validate' })).results;

test('the definition is valid', async () => {
  assert.deepEqual(await problems(app), []);
});

test('an invalid definition is found', async () => {
  const broken = { ...app, creates: { ...app.creates, parse_certificate: { ...app.creates.parse_certificate, noun: 7 } } };
  assert.equal((await problems(broken)).length, 1);
});

test('no part of the definition reaches Zapier with what is only for our functions', () => {
  for (const part of [...Object.values(app.creates), ...Object.values(app.triggers), ...Object.values(app.searches)]) {
    assert.equal(part.service, undefined);
  }
});
