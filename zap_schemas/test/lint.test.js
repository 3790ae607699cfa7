'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { RULES, lint } = require('../scripts/lint');
const { app } = require('./stage');

const NEWEST = app.platformVersion;

// One mutation for each rule: a change that the rule must find.
const copy = () => ({
  ...app,
  ...structuredClone({ flags: app.flags, searchOrCreates: app.searchOrCreates }),
  authentication: { ...app.authentication, fields: structuredClone(app.authentication.fields) },
  triggers: parts(app.triggers),
  searches: parts(app.searches),
  creates: parts(app.creates),
});
const parts = (group) => Object.fromEntries(Object.entries(group).map(([key, part]) => [key, {
  ...part,
  display: { ...part.display },
  operation: {
    ...part.operation,
    inputFields: structuredClone(part.operation.inputFields),
    outputFields: structuredClone(part.operation.outputFields),
    sample: { ...part.operation.sample },
  },
}]));

const operation = (it) => it.creates.check_certificate.operation;
const input = (it) => operation(it).inputFields.find(({ key }) => key === 'certificate_id');
const event = (it) => it.triggers.certificate_parsed;

const MUTATIONS = {
  D001: (it) => { input(it).key = 'access_token'; },
  D002: (it) => { for (const field of it.authentication.fields) delete field.helpText; },
  D003: (it) => { it.authentication.connectionLabel = '{{api_key}}'; },
  D004: (it) => { delete input(it).dynamic; },
  D005: (it) => { input(it).dynamic = 'list_certificates.number.insured_name'; },
  D006: (it) => { delete event(it).operation.performList; },
  D007: (it) => { event(it).display.description = 'See http://example.com.'; },
  D008: (it) => { input(it).helpText = 'All about it: https://example.com/certificates.'; },
  D009: (it) => { it.searches.find_it = { ...it.creates.check_certificate, operation: { ...operation(it), inputFields: [] } }; },
  D010: (it) => { delete event(it).operation.sample.event_id; },
  D011: (it) => { input(it).helpText = 'Certificate'; },
  D012: (it) => { operation(it).sample = {}; },
  D013: (it) => { input(it).search = 'find_nothing.id'; },
  D014: (it) => { Object.assign(input(it), { search: 'find_nothing.id', dynamic: undefined }); },
  D015: (it) => { it.searchOrCreates.find_it = { search: 'find_it', create: 'parse_certificate' }; },
  D016: (it) => { event(it).display.directions = 'Paste this address into the settings.'; },
  D018: (it) => { operation(it).outputFields[0].label = 'Check number'; },
  D021: (it) => { event(it).display.description = 'New certificates.'; },
  D022: (it) => { operation(it).inputFields = []; },
  D023: (it) => { operation(it).sample.checked_at = '2026-03-02T15:04:06'; },
  D024: (it) => { operation(it).sample.compliance_score = '90'; },
  D025: (it) => { operation(it).sample.review_url = 'javascript:alert(1)'; },
  D027: (it) => { it.platformVersion = '18.0.0'; },
  D028: (it) => { it.flags.cleanInputData = true; },
  KEYS: (it) => { it.creates.CheckCertificate = it.creates.check_certificate; },
  TEXT: (it) => { input(it).type = 'integer'; },
  HELP: (it) => { delete input(it).helpText; },
  OUTPUT: (it) => { delete operation(it).outputFields[0].sample; },
};

test('the integration is without findings', () => {
  assert.deepEqual(lint(app, NEWEST), []);
  assert.deepEqual(lint(copy(), NEWEST), []);
});

test('every rule has its mutation', () => {
  assert.deepEqual(Object.keys(MUTATIONS), RULES.map(([rule]) => rule));
});

for (const [rule, mutate] of Object.entries(MUTATIONS)) {
  test(`${rule} finds what it is for`, () => {
    const broken = copy();
    mutate(broken);
    assert.ok(lint(broken, NEWEST).some((finding) => finding.rule === rule));
  });
}
