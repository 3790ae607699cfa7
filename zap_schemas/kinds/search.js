'use strict';

const { ask } = require('../http');
const { given } = require('./create');

// A search: nothing found is an empty list, never an error.
const search = ({ service, ...part }) => {
  const perform = async (z, bundle) => {
    const answer = await ask(z, bundle, 'POST', service.path, { body: given(bundle) });
    return answer[service.found] === null ? [] : [answer];
  };
  return { ...part, operation: { ...part.operation, perform } };
};

module.exports = { search };
