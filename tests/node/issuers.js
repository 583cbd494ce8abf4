// Two real OpenID Connect issuers, for tests. Prints their addresses as one JSON line; ends when its input does.

import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

// People sign in with any name; this one shows more than a password.
const LEVELS = { 'careful-person': 'aal2' };

function signingKey(alg) {
  const { privateKey } = alg === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: `${alg}-1`, alg, use: 'sig' };
}

// The client's address is one of its own machine, at whichever port is free (RFC 8252).
function client(alg, secret) {
  return {
    client_id: 'hub',
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/back', 'http://127.0.0.1/signed-in'],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: alg,
    ...(secret ? { client_secret: secret } : { token_endpoint_auth_method: 'none' }),
  };
}

async function listen(alg, secret) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(address, {
    acrValues: ['aal1', 'aal2'],
    clients: [client(alg, secret)],
    cookies: { keys: ['one key of a test'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    jwks: { keys: [signingKey('RS256'), ...(alg === 'RS256' ? [] : [signingKey(alg)])] },
    pkce: { required: () => true },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
  });
  const finished = provider.interactionFinished.bind(provider);
  provider.interactionFinished = (request, response, result, options) => {
    const login = result.login && { ...result.login, acr: LEVELS[result.login.accountId] ?? 'aal1' };
    return finished(request, response, login ? { ...result, login } : result, options);
  };
  server.on('request', provider.callback());
  return address;
}

const addresses = await Promise.all([listen('RS256'), listen('ES256', process.argv[2])]);
process.stdout.write(`${JSON.stringify(addresses)}\n`);
process.stdin.on('end', () => process.exit(0)).resume();
