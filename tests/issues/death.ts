import type * as outcomes from '../../src/issues/outcomes';

// Imported before whatever sends.

/** A worker that dies between the server's yes and its note: the note is not made, and the job breaks off. */
export const death = { now: false, met: 0 };

jest.mock('../../src/issues/outcomes', () => {
  const actual = jest.requireActual<typeof outcomes>('../../src/issues/outcomes');
  return {
    ...actual,
    noteSent: (...args: Parameters<typeof actual.noteSent>) => {
      if (!death.now) return actual.noteSent(...args);
      death.met++;
      return Promise.reject(new Error('killed'));
    },
  };
});
