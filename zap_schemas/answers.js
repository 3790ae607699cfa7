'use strict';

// The answer of an action: whole at once, or later for a job that takes longer than a request may.

const { setTimeout: sleep } = require('node:timers/promises');

const { haltingCodes } = require('./generated/definition.json');
const { ask } = require('./http');

const EDITOR_PATIENCE = 24_000; // milliseconds since the step began; Zapier ends it after 30 seconds

const isUnderWay = (answer) => answer.job_status === 'waiting' || answer.job_status === 'running';

// The finished answer. A failed job is an error with its sentence, never a success.
const finished = (z, answer) => {
  if (answer.job_status !== 'failed') return answer;
  const message = answer.error_message ?? 'The work failed.';
  if (haltingCodes.includes(answer.error_code)) throw new z.errors.HaltedError(message);
  throw new z.errors.Error(message, answer.error_code, 422);
};

// What a step gives back: the answer, or a promise to call back when the job is done. In the
// editor nobody can be called back, so the step waits there.
const settle = async (z, bundle, answer, began) => {
  if (!isUnderWay(answer)) return finished(z, answer);
  if (bundle.meta.isLoadingSample) return waited(z, bundle, answer, began);
  await ask(z, bundle, 'PUT', `/v1/jobs/${answer.job_id}/callback`, {
    body: { callback_url: z.generateCallbackUrl() },
  });
  return answer;
};

const waited = async (z, bundle, answer, began) => {
  while (isUnderWay(answer)) {
    if (Date.now() - began > EDITOR_PATIENCE) {
      throw new z.errors.Error('This is still being worked on. Test the step again in a minute.', 'not_done_yet', 503);
    }
    await sleep(1000);
    answer = await ask(z, bundle, 'GET', `/v1/jobs/${answer.job_id}`);
  }
  return finished(z, answer);
};

// The step goes on: the service has sent the finished answer to the callback.
const resume = (z, bundle) => finished(z, bundle.cleanedRequest);

module.exports = { resume, settle };
