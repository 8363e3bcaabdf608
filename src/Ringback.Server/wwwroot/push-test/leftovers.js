// What a test has made and not removed yet. It stands in the browser's storage from before it is used until it is gone, so that a test that was cut off (the
// page was closed, the browser ended) is cleaned up when the page is left, or else by the next test.
import { remove } from './firebase.js';

const place = 'ringback.push-test';

/** Notes what there is to remove: the app as in firebase.js, the installation, and the token once there is one. */
export function note(app, installation, token) {
  try { localStorage.setItem(place, JSON.stringify({ app, installation, token })); } catch { /* No storage: then nothing can be cleaned up later. */ }
}

/** Removes what is noted. Never fails. */
export async function removeNoted(leaving = false) {
  let noted;
  try { noted = JSON.parse(localStorage.getItem(place)); } catch { /* Not ours, or no storage. */ }
  if (!noted?.app || !noted.installation) return;
  await remove(noted.app, noted.installation, noted.token, leaving).catch(() => {});
  if (!leaving) try { localStorage.removeItem(place); } catch { /* As above. */ }
}
