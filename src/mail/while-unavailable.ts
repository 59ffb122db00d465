import { isUnavailable } from '../stores/unavailable';

/** Milliseconds until Postgres, which did not answer, is asked again. */
const AGAIN = 1_000;

/**
 * Does something that needs Postgres, and does it again for as long as Postgres is away; once `closing`, not any more.
 * @throws what the work throws that has another cause.
 */
export async function whileUnavailable<T>(work: () => Promise<T>, closing: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || closing.aborted) throw error;
      await pause(AGAIN, closing);
    }
  }
}

function pause(milliseconds: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      closing.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    closing.addEventListener('abort', end);
  });
}
