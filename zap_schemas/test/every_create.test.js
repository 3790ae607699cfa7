'use strict';

// Each create once, with a real certificate, to the end of what it writes into: simulated Procore,
// Google Sheets and a mail server, each at an address of its own.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, assertDeclared, checked, create, hosted, mails, ours, procore, rows } = require('./stage');

// The vendor's insurance records, as Procore has them.
const inProcore = async (name) => {
  const { items } = await ours(`/v1/procore_vendors?name=${encodeURIComponent(name)}`);
  return procore(`/vendors/${items[0].procore_vendor_id}/insurances`);
};

// A carrier's notice is kept, although it is no certificate.
const cancellation = async (t) => {
  const file = await hosted(t, 'cancellation.pdf', { isNew: true });
  await assert.rejects(create('parse_certificate', { file }), /It was kept/);
  return (await ours('/v1/cancellations')).items[0].cancellation_id;
};

const DECIDED = { rule_id: 'gl-each-occurrence', reason: 'A small job.', waived_by: 'Dana' };

// Create -> what is filled in, and what must have come of it.
const TRIED = {
  parse_certificate: async (t) => [{ file: await hosted(t, 'compliant.pdf'), vendor_name: 'Northfield Roofing' }, (answer) => {
    assert.equal(answer.general_liability_each_occurrence, 1_000_000);
    assert.equal(answer.insured_name, 'Northfield Roofing LLC');
  }],
  check_certificate: async (t) => [{ ...await parsed(t), rule_set: 'standard-subcontractor', vendor_name: 'Copper Ridge Electric Inc' }, (answer) => {
    assert.deepEqual([answer.status, answer.is_compliant], ['non_compliant', false]);
    assert.match(answer.failures_text, /required \$1,000,000; found \$500,000/);
  }],
  process_certificate: async (t) => [{ file: await hosted(t, 'compliant.pdf', { isNew: true }), rule_set: 'standard-subcontractor' }, (answer) => {
    assert.equal(answer.check_status, 'compliant');
    assert.match(answer.procore_status, /pushed|unchanged/);
    assert.equal(answer.google_sheets_destination, 'google_sheets');
    assert.equal(answer.buildertrend_status, null); // the account has no Buildertrend
  }],
  push_to_procore: async (t) => [await checked(t), async (answer) => {
    assert.match(answer.status, /pushed|unchanged/);
    const records = await inProcore('Northfield Roofing LLC');
    const policies = records.map(({ policy_number }) => policy_number);
    assert.equal(new Set(policies).size, policies.length, 'one record for each policy');
    assert.ok(policies.includes('GL-4481902'));
    for (const id of answer.external_ids.split(', ')) assert.ok(records.some((record) => String(record.id) === id), id);
  }],
  log_to_sheet: async (t) => [await checked(t), async (answer, { certificate_id }) => {
    assert.match(answer.status, /pushed|unchanged/);
    const [row, ...more] = (await rows()).filter((each) => each.tab === 'Certificates' && each.certificate_id === certificate_id);
    assert.equal(row.insured_name, 'Northfield Roofing LLC');
    assert.deepEqual(more, []);
  }],
  push_to_buildertrend: async (t) => [{ ...await checked(t), mode: 'packet' }, isPrepared],
  push_to_gcpay: async (t) => [{ ...await checked(t), mode: 'verify_list' }, isPrepared],
  acknowledge_push: async (t) => {
    const { push_id } = await create('push_to_buildertrend', await checked(t));
    return [{ push_id, acknowledged_by: 'Dana' }, (answer) => assert.equal(answer.status, 'pushed')];
  },
  send_notice: async (t) => [{ ...await checked(t, 'not-compliant.pdf'), subcontractor_email: 'office@copper-ridge.example' }, async (answer) => {
    assert.equal(answer.status, 'pushed');
    const [mail, ...more] = (await mails()).filter(({ to }) => to.includes('office@copper-ridge.example'));
    assert.match(mail.subject, /Copper Ridge Electric/);
    assert.equal(mail.files.length, 1);
    assert.deepEqual(more, []);
  }],
  recheck_certificate: async (t) => {
    const { certificate_id } = await checked(t, 'not-compliant.pdf');
    return [{ certificate_id }, (answer) => {
      assert.equal(answer.certificate_id, certificate_id);
      assert.equal(answer.status, 'non_compliant');
    }];
  },
  waive_requirement: async () => [{ vendor_name: 'Northfield Roofing LLC', ...DECIDED }, (answer) => {
    assert.deepEqual([answer.rule_id, answer.waiver_status], [DECIDED.rule_id, 'in_force']);
  }],
  revoke_waiver: async (t) => {
    const { certificate_id } = await checked(t, 'not-compliant.pdf');
    const { waiver_id } = await create('waive_requirement', { certificate_id, ...DECIDED });
    return [{ waiver_id, revoked_by: 'Dana' }, (answer) => assert.equal(answer.waiver_status, 'revoked')];
  },
  dismiss_cancellation: async (t) => [
    { cancellation_id: await cancellation(t), reason: 'Reinstated, letter of 3/2.', dismissed_by: 'Dana' },
    (answer) => assert.equal(answer.cancellation_status, 'dismissed'),
  ],
};

const parsed = async (t) => {
  const { certificate_id } = await create('parse_certificate', { file: await hosted(t, 'not-compliant.pdf', { isNew: true }) });
  return { certificate_id };
};

const isPrepared = async (answer) => {
  assert.equal(answer.status, 'prepared');
  assert.ok(answer.next_step.length <= 250);
  assert.ok((await fetch(answer.external_url)).ok, 'the link to the files opens without a key');
};

for (const [key, part] of Object.entries(app.creates)) {
  test(`${key} does its work, and nothing more when the step runs again`, async (t) => {
    assert.ok(TRIED[key], `Say in TRIED how ${key} is tried.`);
    const [given, isDone] = await TRIED[key](t);
    const answer = await create(key, given);
    assertDeclared(part, answer);
    assert.equal(answer.job_status, 'done');
    await isDone(answer, given);
    const again = await create(key, given);
    assertDeclared(part, again);
    await isDone(answer, given);
    const own = part.operation.outputFields.map((field) => field.key).find((name) => /_id$/.test(name) && name !== 'job_id');
    assert.equal(again[own], answer[own]);
  });
}
