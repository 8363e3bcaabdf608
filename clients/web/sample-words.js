// Every word of the sample page that depends on something. Translate this file, index.html, and the words of ringback-push-sw.js.

const ofPushes = {
  insecure: 'Notifications work only on a page that was opened by https. Open it that way, or untick “Notify me”.',
  unsupported: 'This browser has no push messages; private windows often have none either. Use another browser, or untick “Notify me”.',
  denied: 'Notifications are blocked for this site. Allow them in the settings beside the address of this page, reload it and ask again; or untick “Notify me”.',
  dismissed: 'The browser asked whether to allow notifications, and got no answer. Ask again and press “Allow”, or untick “Notify me”.',
  worker: 'The browser did not start what receives the messages. Let this site store data, close its other tabs, reload and ask again; or untick “Notify me”.',
  push_service: 'The push service of your browser cannot be reached. Check the connection, firewalls and blockers, and ask again; or untick “Notify me”.',
  network: 'Firebase cannot be reached, so no messages could be set up. Check the connection and blockers, and ask again; or untick “Notify me”.',
  refused: 'Firebase did not accept this browser, so no messages could be set up. Ask again later, or untick “Notify me”.',
};

const ofCalls = {
  501: 'The server did not understand the request.',
  503: 'This page is not allowed to ask for callbacks: its key is missing or no longer valid.',
  7030: 'This phone number cannot be called. Write it with its country code, such as +1 415 555 0123.',
  7036: 'We cannot call this number.',
  7037: 'No callbacks of this kind are taken at present.',
  7040: 'The queue of this page does not exist.',
  7041: 'A callback for this number is waiting already, or too many were asked for. Try again later.',
  7042: 'We are closed then.',
  7044: 'This callback is not known any more.',
  7045: 'It is too late for that: the callback has moved on.',
};

/** What a customer is told of an error of enablePush or of a call. */
export function troubleOf(error) {
  if (error.name !== 'RingbackError') return 'Something went wrong in this page. Reload it and try again.';
  if (error.status === 0) return 'The server cannot be reached. Check your connection and try again.';
  if (error.status === undefined) return `${ofPushes[error.code] ?? error.message}${error.code === 'refused' ? ` (${error.message})` : ''}`;
  const words = ofCalls[error.code] ?? 'The server could not do that. Try again in a moment.';
  // Where the sentence alone does not say what was wrong, the server's own does.
  return error.code === 501 ? `${words} ${error.message}` : error.corrId && !ofCalls[error.code] ? `${words} If it comes back, tell us this number: ${error.corrId}` : words;
}

const reasons = {
  CONNECTED: 'We have spoken.',
  CANCELLED: 'You have cancelled it.',
  MAX_WAIT: 'It waited too long, and we are sorry.',
  END_OF_BUSINESS: 'We have closed before your turn came.',
  READY_EXPIRED: 'It was your turn, and no call came.',
  ADMINISTRATOR: 'We had to drop it.',
  NOT_REACHED: 'We could not reach you.',
  INVALID_NUMBER: 'The number could not be dialled.',
  TRUNK_ERROR: 'Our telephone line failed.',
};

/** Heading and sentence for the state of a callback: that of retrieve, and what the page knows beside it. */
export function stateOf({ callbackState, callbackReason, positionInQueue, estimatedWaitTime, desiredTime, callInGroup }, { confirmed, snoozedUntil }) {
  switch (callbackState) {
    case 'SCHEDULED': return ['Booked', `For ${timeOf(desiredTime)}.`];
    case 'QUEUED': return [
      positionInQueue ? `You are number ${positionInQueue} in line` : 'You are in line',
      [waitOf(estimatedWaitTime), snoozedUntil > new Date().toISOString() && `We leave you in peace until ${timeOf(snoozedUntil)}; you keep your place.`, confirmed && 'We know that you are here.'].filter(Boolean).join(' '),
    ];
    case 'ROUTING': return callInGroup ? ['It is your turn', 'Call in now; the line is kept for a few minutes.'] : ['We are calling you', 'Please keep the line free.'];
    case 'PROCESSING': return ['You are talking to us', ''];
    default: return ['This callback is over', reasons[callbackReason] ?? ''];
  }
}

function waitOf(seconds) {
  if (seconds === undefined || seconds < 0) return 'We cannot say yet how long it takes.';
  return seconds < 90 ? 'It takes about a minute.' : `It takes about ${Math.round(seconds / 60)} minutes.`;
}

/** An instant as a clock shows it here; with the day where it is not today. */
export function timeOf(instant) {
  const time = new Date(instant);
  const today = time.toDateString() === new Date().toDateString();
  return time.toLocaleString('en', { ...(today ? {} : { weekday: 'long', day: 'numeric', month: 'long' }), hour: 'numeric', minute: '2-digit' });
}

export const queueWords = { callIn: 'I call in when it is my turn', callBack: 'You call me when it is my turn' };

export const notifyWords = {
  callBack: 'You may close this page then: a message tells you when your turn comes near. The browser asks for your permission.',
  none: 'No messages are set up here. Keep this page open to see your place in line.',
  off: 'Keep this page open then, to see your place in line.',
  callIn: 'Needed here: a message tells you when to call, and which number. The browser asks for your permission.',
};

export const earlierWords = 'That message belongs to an earlier callback.';

export const lostWords = 'The server cannot be reached at present. This page goes on asking.';

export const logWords = {
  waiting: 'None yet. They appear here, and as notifications while this page is hidden or closed.',
  off: 'None: you asked without notifications. Keep this page open to see your place.',
};
