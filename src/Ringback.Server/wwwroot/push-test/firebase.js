// The two REST calls by which a web app becomes a push target of Firebase, and the two that undo them. They are those of Firebase's own web SDK:
//   POST   {installations}/v1/projects/P/installations        an installation of the app: its id (fid), a refresh token, a token for the next call
//   POST   {registrations}/v1/projects/P/registrations        a registration token for a push subscription
//   DELETE the same with the token or the fid behind it
// Each gives { ok: true, … }, or { ok: false, code: 'network' } where no answer came, or { ok: false, code: 'refused', status, rpc, reason } as Google refused.

const patience = 10_000; // ms; Firebase answers within one second.

// Version 2 of the installations protocol, and a version of the SDK that speaks it.
const authVersion = 'FIS_v2', sdkVersion = 'w:0.6.18';

/** The key with which a browser subscribes where the app has none of its own; its private half is Firebase's. */
export const firebaseKey = 'BDOU99-h67HcA6JeFXHbSNMu7e2yNNu3RzoMj8TM4W88jITfq7ZmPvIM1Iv-4_l2LxQcYwhqby2xGpWwzjfAnG4';

/** Makes an installation: { fid, refreshToken, authToken }. */
export async function install({ installations, project, apiKey, appId }) {
  const answer = await call('POST', url(installations, project, 'installations'), apiKey, {}, { fid: newFid(), authVersion, appId, sdkVersion });
  return answer.ok ? { ok: true, fid: answer.body.fid, refreshToken: answer.body.refreshToken, authToken: answer.body.authToken?.token } : answer;
}

/** Registers a subscription: { token }. */
export async function register({ registrations, project, apiKey }, { authToken }, subscription, ownKey) {
  const { endpoint, keys } = subscription.toJSON();
  const web = { endpoint, p256dh: keys.p256dh, auth: keys.auth, ...(ownKey ? { applicationPubKey: ownKey } : {}) };
  const answer = await call('POST', url(registrations, project, 'registrations'), apiKey, { 'x-goog-firebase-installations-auth': `FIS ${authToken}` }, { web });
  return answer.ok ? { ok: true, token: answer.body.token } : answer;
}

/** Takes a registration and an installation back. What is gone already does not matter. `leaving`: the page is being closed, and the requests must outlive it. */
export async function remove({ installations, registrations, project, apiKey }, { fid, refreshToken, authToken }, token, leaving) {
  if (token) {
    await call('DELETE', `${url(registrations, project, 'registrations')}/${encodeURIComponent(token)}`, apiKey, { 'x-goog-firebase-installations-auth': `FIS ${authToken}` }, undefined, leaving);
  }
  await call('DELETE', `${url(installations, project, 'installations')}/${encodeURIComponent(fid)}`, apiKey, { authorization: `${authVersion} ${refreshToken}` }, undefined, leaving);
}

const url = (base, project, kind) => `${base.replace(/\/$/, '')}/v1/projects/${encodeURIComponent(project)}/${kind}`;

async function call(method, address, apiKey, headers, body, keepalive = false) {
  let response;
  try {
    response = await fetch(address, {
      method,
      keepalive,
      cache: 'no-store',
      credentials: 'omit',
      // The pages send no referrer otherwise; an API key that is restricted to web sites needs the origin, and no more.
      referrerPolicy: 'origin',
      signal: AbortSignal.timeout(patience),
      headers: { accept: 'application/json', 'content-type': 'application/json', 'x-goog-api-key': apiKey, ...headers },
      body: body && JSON.stringify(body),
    });
  } catch {
    return { ok: false, code: 'network' };
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return { ok: true, body: answer };
  const { status: rpc, details } = answer.error ?? {};
  const reason = Array.isArray(details) ? details.find((detail) => detail?.reason)?.reason : undefined;
  return { ok: false, code: 'refused', status: response.status, rpc: short(rpc), reason: short(reason) };
}

/** A constant of Google's as it may travel on; anything else is none. */
const short = (text) => (typeof text === 'string' && /^[A-Z_]{1,64}$/.test(text) ? text : undefined);

/** 22 letters of base64url; the first four bits are 0111, as the protocol has it. */
function newFid() {
  const bytes = crypto.getRandomValues(new Uint8Array(17));
  bytes[0] = 0b0111_0000 | (bytes[0] & 0b0000_1111);
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').slice(0, 22);
}
