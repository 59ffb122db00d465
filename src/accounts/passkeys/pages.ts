import type { Language } from '../../lib/language';
import type { PasskeyForm } from '../page-types';

/** The button that logs in with a passkey, and leads on to `next`. */
export function passkeyLoginForm({ say, prefix }: Language, next: string | null): PasskeyForm {
  return {
    action: `${prefix}/login/passkey`,
    ceremony: 'get',
    options: `${prefix}/login/passkey/options`,
    given: null,
    next,
    fields: [],
    submit: say('passkey.use'),
  };
}
