'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, execute, hosted, receiver, run } = require('./stage');

const PERFORM = 'creates.parse_certificate.operation.perform';
const RESUME = 'creates.parse_certificate.operation.performResume';
const SCAN = { timeout: 120_000 };

// Each reading must be new: a document on file is answered at once. Bytes behind a PDF's end change nothing.
const scan = (t) => hosted(t, 'scan.pdf');

test('quick work never waits for a callback', async (t) => {
  const answer = await execute(PERFORM, { inputData: { file: await hosted(t, 'compliant.pdf') } });
  assert.equal(answer.status, 'SUCCESS');
});

test('a scan lets the step wait, is called back, and the step goes on with the whole answer', SCAN, async (t) => {
  const { url, next } = await receiver(t);
  const bundle = { inputData: { file: await scan(t) } };
  const waiting = await execute(PERFORM, bundle, { callback_url: url });
  assert.equal(waiting.status, 'CALLBACK');
  assert.match(waiting.results.job_status, /waiting|running/);
  const cleanedRequest = await next();
  const done = await run(RESUME, { ...bundle, outputData: waiting.results, cleanedRequest });
  assert.deepEqual(Object.keys(done), app.creates.parse_certificate.operation.outputFields.map(({ key }) => key));
  assert.equal(done.job_id, waiting.results.job_id);
  assert.equal(done.insured_name, 'Northfield Roofing LLC');
});

test('in the editor the step waits itself', SCAN, async (t) => {
  const answer = await execute(PERFORM, { inputData: { file: await scan(t), deduplication_key: `editor-${Date.now()}` }, meta: { isLoadingSample: true } });
  assert.equal(answer.status, 'SUCCESS');
  assert.equal(answer.results.job_status, 'done');
});

test('a failure that comes by callback is the same error as one that comes at once', async () => {
  const failed = (error_code) => ({ job_status: 'failed', error_code, error_message: 'It is encrypted.' });
  await assert.rejects(run(RESUME, { cleanedRequest: failed('encrypted_file') }), { name: 'HaltedError', message: 'It is encrypted.' });
  await assert.rejects(run(RESUME, { cleanedRequest: failed('internal_error') }), /It is encrypted/);
});
