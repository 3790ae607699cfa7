'use strict';

const assert = require('node:assert/strict');
const { after, beforeEach, test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');

const { app, assertDeclared, checked: checkedAnew, create, execute, hosted, receiver, run } = require('./stage');

const PERFORM = 'creates.log_to_sheet.operation.perform';
const RESUME = 'creates.log_to_sheet.operation.performResume';

const worker = Number(process.env.WORKER_PID);
const holdUp = () => process.kill(worker, 'SIGSTOP');
const goOn = () => process.kill(worker, 'SIGCONT');

beforeEach(goOn);
after(goOn);

// A checked certificate, as the input of the next step.
const checked = async (t) => {
  const { certificate_id } = await create('parse_certificate', { file: await hosted(t, 'compliant.pdf') });
  await create('check_certificate', { certificate_id });
  return { certificate_id };
};

test('work that is done in time never waits for a callback', async (t) => {
  const answer = await execute(PERFORM, { inputData: await checked(t) });
  assert.equal(answer.status, 'SUCCESS');
  assert.equal(answer.results.job_status, 'done');
});

test('longer work lets the step wait, is called back, and the step goes on with the whole answer', async (t) => {
  const { url, next } = await receiver(t);
  const bundle = { inputData: await checked(t) };
  holdUp();
  const waiting = await execute(PERFORM, bundle, { callback_url: url });
  assert.equal(waiting.status, 'CALLBACK');
  assert.match(waiting.results.job_status, /waiting|running/);
  goOn();
  const done = await run(RESUME, { ...bundle, outputData: waiting.results, cleanedRequest: await next() });
  assert.deepEqual(Object.keys(done), app.creates.log_to_sheet.operation.outputFields.map(({ key }) => key));
  assert.equal(done.job_id, waiting.results.job_id);
  assert.equal(done.job_status, 'done');
});

test('two steps that wait for the same work are both called back', async (t) => {
  const [one, other] = [await receiver(t), await receiver(t)];
  const bundle = { inputData: await checked(t) };
  holdUp();
  const first = await execute(PERFORM, bundle, { callback_url: one.url });
  const second = await execute(PERFORM, bundle, { callback_url: other.url });
  assert.equal(second.results.job_id, first.results.job_id);
  goOn();
  for (const answer of [await one.next(), await other.next()]) assert.equal(answer.job_status, 'done');
});

test('in the editor the step waits itself', async (t) => {
  const bundle = { inputData: await checked(t), meta: { isLoadingSample: true } };
  holdUp();
  const answer = execute(PERFORM, bundle);
  await sleep(2500);
  goOn();
  assert.equal((await answer).status, 'SUCCESS');
  assert.equal((await answer).results.job_status, 'done');
});

// What each create that writes somewhere needs of a checked certificate.
const WAITS = {
  push_to_procore: (ids) => ids,
  log_to_sheet: (ids) => ids,
  process_certificate: async (ids, t) => ({ file: await hosted(t, 'compliant.pdf', { isNew: true }) }),
  send_notice: async (ids, t) => checkedAnew(t, 'not-compliant.pdf', { vendor_email: 'called-back@copper-ridge.example' }),
  push_to_buildertrend: (ids) => ids,
  push_to_gcpay: (ids) => ids,
};

for (const [key, filledIn] of Object.entries(WAITS)) {
  test(`${key} waits for its callback, and goes on with every declared key`, async (t) => {
    const { url, next } = await receiver(t);
    const part = `creates.${key}.operation`;
    const bundle = { inputData: await filledIn(await checkedAnew(t), t) };
    holdUp();
    const waiting = await execute(`${part}.perform`, bundle, { callback_url: url });
    assert.equal(waiting.status, 'CALLBACK');
    assert.deepEqual(Object.keys(waiting.results), app.creates[key].operation.outputFields.map((field) => field.key));
    goOn();
    const done = await run(`${part}.performResume`, { ...bundle, outputData: waiting.results, cleanedRequest: await next() });
    assertDeclared(app.creates[key], done);
    assert.deepEqual([done.job_id, done.job_status], [waiting.results.job_id, 'done']);
  });
}

test('a failure that comes by callback is the same error as one that comes at once', async () => {
  const failed = (error_code) => ({ job_status: 'failed', error_code, error_message: 'It is encrypted.' });
  await assert.rejects(run(RESUME, { cleanedRequest: failed('encrypted_file') }), { name: 'HaltedError', message: /^It is encrypted/ });
  await assert.rejects(run(RESUME, { cleanedRequest: failed('internal_error') }), { name: 'AppError', message: /It is encrypted/ });
});
