'use strict';

const { resume, settle } = require('../answers');
const { form } = require('../files');
const { ask } = require('../http');

const isGiven = (value) => value !== undefined && value !== null && value !== '' && value.length !== 0;

// What was filled in; an empty field is the same as none.
const given = (bundle) =>
  Object.fromEntries(Object.entries(bundle.inputData).filter(([, value]) => isGiven(value)));

// The fields as JSON; as a form where the step takes a file, which is never left out in silence.
const body = async (z, bundle, takesFile) => {
  const { file, ...fields } = given(bundle);
  return takesFile ? form(z, file, fields) : fields;
};

// An action that does something: one request, answered at once or by a callback.
const create = ({ service, ...part }) => {
  const takesFile = part.operation.inputFields.some(({ type }) => type === 'file');
  const perform = async (z, bundle) => {
    const began = Date.now();
    const answer = await ask(z, bundle, 'POST', service.path, { body: await body(z, bundle, takesFile) });
    return settle(z, bundle, answer, began);
  };
  return { ...part, operation: { ...part.operation, perform, performResume: resume } };
};

module.exports = { create, given };
