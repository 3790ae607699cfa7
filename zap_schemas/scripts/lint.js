'use strict';

// What Zapier asks of an integration, as far as it can be seen in the definition. The numbers are
// those of Zapier's published integration checks; the rules are written from its documentation.

const CREDENTIAL = /api_?key|token|secret|password/i;
const VARIABLE = /\{\{[^}]+\}\}/;
const LINK = /\[[^\]]+\]\(https:\/\/[^)]+\)/g;
const BARE_URL = /https?:\/\//;
const DANGEROUS = /^\s*(javascript|data|vbscript|file):/i;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const MAPPED_ONLY = new Set(['procore_invoice_id']); // Procore names no list of what can be held; it is mapped from a Procore step
const SMALL = new Set('a an and as at by for from in of on or per the to with'.split(' '));
const JSON_TYPES = { string: 'string', datetime: 'string', integer: 'number', number: 'number', boolean: 'boolean' };

const all = (app) => ['triggers', 'searches', 'creates'].flatMap((kind) =>
  Object.entries(app[kind] ?? {}).map(([key, part]) => ({ ...part, kind, key, where: `${kind}.${key}` })));
const shown = (app) => all(app).filter((part) => !part.display.hidden);
const ofKind = (app, kind) => shown(app).filter((part) => part.kind === kind);
const fields = (part, side) => (part.operation[side] ?? []).map((field) => ({ ...field, where: `${part.where}.${side}.${field.key}` }));
const inputs = (app) => shown(app).flatMap((part) => fields(part, 'inputFields'));
const outputs = (app) => shown(app).flatMap((part) => fields(part, 'outputFields'));
const authFields = (app) => (app.authentication.fields ?? []).map((field) => ({ ...field, where: `authentication.${field.key}` }));
const texts = (app) => [
  ...all(app).map((part) => ({ where: part.where, text: part.display.description ?? '' })),
  ...[...inputs(app), ...authFields(app)].map((field) => ({ where: field.where, text: field.helpText ?? '' })),
];
const samples = (app) => shown(app).flatMap((part) =>
  fields(part, 'outputFields').map((field) => ({ ...field, value: part.operation.sample?.[field.key] })));
const isTitle = (label) => label.split(' ').every((word, at) => !/^[a-z]/.test(word.replace(/^\(/, '')) || (at > 0 && SMALL.has(word.replace(/[()]/g, ''))));
const strings = (value, where) => typeof value === 'string' ? [{ where, text: value }]
  : value && typeof value === 'object' ? Object.entries(value).flatMap(([key, inner]) => strings(inner, `${where}.${key}`)) : [];

// Each rule: its number, what it asks, and the places that do not answer to it.
const RULES = [
  ['D001', 'A field for a secret belongs into the authentication.', (app) => inputs(app).filter(({ key }) => CREDENTIAL.test(key))],
  ['D002', 'The authentication has help with a link.', (app) => authFields(app).some(({ helpText }) => helpText?.match(LINK)) ? [] : [{ where: 'authentication' }]],
  ['D003', 'The connection label is made of variables and shows no secret.', (app) => {
    const label = app.authentication.connectionLabel;
    return typeof label === 'function' || (VARIABLE.test(label ?? '') && !CREDENTIAL.test(label)) ? [] : [{ where: 'authentication.connectionLabel' }];
  }],
  ['D004', 'A field for a record offers the records.', (app) => inputs(app).filter((field) => /_id$/.test(field.key) && !MAPPED_ONLY.has(field.key) && !field.dynamic && !field.choices)],
  ['D005', 'A dropdown is filled by a trigger that exists, with keys that it answers.', (app) => inputs(app).filter(({ dynamic }) => {
    if (!dynamic) return false;
    const [trigger, ...keys] = dynamic.split('.');
    const answered = (app.triggers[trigger]?.operation.outputFields ?? []).map(({ key }) => key);
    return !keys.every((key) => answered.includes(key));
  })],
  ['D006', 'An instant trigger can list, subscribe and unsubscribe.', (app) => all(app).filter(({ operation }) => operation.type === 'hook' && !(operation.performList && operation.performSubscribe && operation.performUnsubscribe))],
  ['D007', 'Addresses are https.', (app) => strings({ ...app, triggers: all(app).map((part) => part.display) }, 'app').filter(({ text }) => /\bhttp:\/\//.test(text))],
  ['D008', 'Links in texts are Markdown links.', (app) => texts(app).filter(({ text }) => BARE_URL.test(text.replace(LINK, '').replace(/`[^`]*`/g, '')))],
  ['D009', 'A search has a field to search by.', (app) => ofKind(app, 'searches').filter(({ operation }) => !operation.inputFields?.length)],
  ['D010', 'A trigger tells its results apart, and its sample shows how.', (app) => ofKind(app, 'triggers').filter(({ operation }) => {
    const primary = operation.outputFields.filter((field) => field.primary).map(({ key }) => key);
    return !(primary.length ? primary : ['id']).every((key) => operation.sample?.[key] !== undefined);
  })],
  ['D011', 'Help says more than the label: a sentence of twenty characters or more.', (app) => inputs(app).filter(({ label, helpText }) => helpText !== undefined && (helpText.length < 20 || !/[.?]$/.test(helpText) || helpText.replace(/\W/g, '').toLowerCase() === label.replace(/\W/g, '').toLowerCase()))],
  ['D012', 'There is a sample.', (app) => shown(app).filter(({ operation }) => !Object.keys(operation.sample ?? {}).length)],
  ['D013', 'A search behind a field exists.', (app) => inputs(app).filter(({ search }) => search && !app.searches?.[search.split('.')[0]])],
  ['D014', 'A field with a search has a dropdown, too.', (app) => inputs(app).filter(({ search, dynamic }) => search && !dynamic)],
  ['D015', 'A search-or-create is made of a search and a create that exist.', (app) => Object.entries(app.searchOrCreates ?? {}).filter(([, { search, create }]) => !app.searches?.[search] || !app.creates?.[create]).map(([key]) => ({ where: `searchOrCreates.${key}` }))],
  ['D016', 'Nobody has to paste the address of a hook by hand.', (app) => all(app).filter(({ display }) => display.directions !== undefined)],
  ['D018', 'Labels are in Title Case.', (app) => [...shown(app).map((part) => ({ ...part, label: part.display.label })), ...inputs(app), ...outputs(app), ...authFields(app)].filter(({ label }) => !label || !isTitle(label))],
  ['D021', 'A trigger says: “Triggers when ….”', (app) => ofKind(app, 'triggers').filter(({ display }) => !/^Triggers when [^.]+\.$/.test(display.description))],
  ['D022', 'A create has fields to fill in.', (app) => ofKind(app, 'creates').filter(({ operation }) => !operation.inputFields?.length)],
  ['D023', 'Moments in samples have their offset.', (app) => samples(app).filter(({ type, value }) => type === 'datetime' && value !== undefined && !MOMENT.test(value))],
  ['D024', 'Samples have the types that the fields declare, and only declared keys.', (app) => [
    ...samples(app).filter(({ type, value }) => value !== undefined && (typeof value !== JSON_TYPES[type] || (type === 'integer' && !Number.isInteger(value)))),
    ...samples(app).filter(({ required, value }) => required && value === undefined),
    ...shown(app).filter(({ operation }) => Object.keys(operation.sample ?? {}).some((key) => !operation.outputFields.some((field) => field.key === key))),
  ]],
  ['D025', 'No address that runs something.', (app) => strings(all(app).map(({ display, operation }) => ({ display, sample: operation.sample })), 'app').filter(({ text }) => DANGEROUS.test(text))],
  ['D027', 'The platform version is that of the installed core.', (app, newest) => (app.platformVersion === newest ? [] : [{ where: 'platformVersion' }])],
  ['D028', 'Empty fields are ours to handle.', (app) => (app.flags?.cleanInputData === false ? [] : [{ where: 'flags.cleanInputData' }])],
  ['KEYS', 'Keys are snake_case.', (app) => all(app).filter(({ key }) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(key))],
  ['TEXT', 'A number or date field would change what was typed.', (app) => inputs(app).filter(({ type }) => ['number', 'integer', 'datetime'].includes(type))],
  ['HELP', 'Every input has help, which is a sentence.', (app) => inputs(app).filter(({ helpText }) => !/^[A-Z`].*[.?]$/.test(helpText ?? ''))],
  ['OUTPUT', 'Every output has a label, a type and a sample.', (app) => outputs(app).filter(({ label, type, sample }) => !label || !type || sample === undefined)],
];

// Every finding as one line: rule, place, what is asked.
const lint = (app, newest) => RULES.flatMap(([rule, asks, find]) => find(app, newest).map(({ where }) => ({ rule, where, asks })));

module.exports = { RULES, lint };

if (require.main === module) {
  const found = lint(require('..'), require('zapier-platform-core').version);
  for (const { rule, where, asks } of found) console.log(`${rule}  ${where}: ${asks}`);
  process.exitCode = found.length ? 1 : 0;
}
