'use strict';

const { ask } = require('../http');
const { given } = require('./create');

const SAMPLES = 3; // Zapier shows no more in its editor

// An instant trigger: the service posts each event to the address that it was given.
const trigger = ({ service, ...part }) => {
  const perform = (z, bundle) => [bundle.cleanedRequest];
  const performSubscribe = (z, bundle) =>
    ask(z, bundle, 'POST', '/v1/hooks', {
      body: { target_url: bundle.targetUrl, event: service.event, filters: given(bundle) },
    });
  const performUnsubscribe = (z, bundle) =>
    ask(z, bundle, 'DELETE', `/v1/hooks/${bundle.subscribeData.id}`);
  const performList = async (z, bundle) => {
    const params = { ...given(bundle), limit: SAMPLES };
    return (await ask(z, bundle, 'GET', service.path, { params })).items;
  };
  const functions = { perform, performList, performSubscribe, performUnsubscribe };
  return { ...part, operation: { ...part.operation, ...functions } };
};

module.exports = { trigger };
