'use strict';

// The integration: generated/definition.json says what there is, the kinds say how it works.

const { version: platformVersion } = require('zapier-platform-core');

const { version } = require('./package.json');
const definition = require('./generated/definition.json');
const authentication = require('./authentication');
const { explain, identify } = require('./http');
const { create } = require('./kinds/create');
const { list } = require('./kinds/list');
const { search } = require('./kinds/search');
const { trigger } = require('./kinds/trigger');

const each = (parts, make) =>
  Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, make(part)]));

module.exports = {
  version,
  platformVersion,
  flags: { cleanInputData: false, throwForThrottlingEarly: false }, // a throttled step shows our sentence, too
  authentication,
  beforeRequest: [identify],
  afterResponse: [explain],
  creates: each(definition.creates, create),
  searches: each(definition.searches, search),
  searchOrCreates: definition.searchOrCreates,
  triggers: { ...each(definition.triggers, trigger), ...each(definition.lists, list) },
};
