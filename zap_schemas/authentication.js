'use strict';

const { ask } = require('./http');

const HELP = 'https://help.zapier.com/hc/en-us/articles/8496258785421-Connect-your-app-accounts-to-Zapier';

module.exports = {
  type: 'custom',
  fields: [
    {
      key: 'base_url',
      label: 'Service Address',
      type: 'string',
      required: true,
      placeholder: 'https://connector.example.com',
      helpText:
        'The address at which your COI connector runs, as you would open it in a browser. It starts with `https://`.',
    },
    {
      key: 'api_key',
      label: 'API Key',
      type: 'password',
      required: true,
      helpText: `Run \`connector keys create Zapier\` on the server and paste what it prints. [How connections work](${HELP}).`,
    },
  ],
  test: (z, bundle) => ask(z, bundle, 'GET', '/v1/account'),
  connectionLabel: '{{account_name}}',
};
