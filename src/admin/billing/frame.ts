import type { Request, Response } from 'express';
import type { Language } from '../../lib/language';
import { adminFrame } from '../frame';
import type { AdminButton } from '../page-types';
import type { BillingFrame } from './page-types';

/** The pages of the section by the last part of their address. */
const PAGES = ['', 'alarms', 'inbox', 'drift'] as const;

/** The frame of a page of the billing section; `current` null for one that hangs on another. */
export function billingFrame(
  language: Language,
  req: Request,
  res: Response,
  current: (typeof PAGES)[number] | null,
  heading: string,
  trouble: string | null = null,
): BillingFrame {
  const { say, prefix } = language;
  return {
    ...adminFrame(language, req, res, 'billing', heading),
    sections: PAGES.map((page) => ({
      label: say(`admin.billing.page.${page === '' ? 'overview' : page}`),
      href: `${prefix}/admin/billing${page === '' ? '' : `/${page}`}`,
      current: page === current,
    })),
    trouble,
  };
}

/** The frame of a page about one member's payments. */
export function memberFrame(
  language: Language,
  req: Request,
  res: Response,
  heading: string,
  trouble: string | null = null,
): BillingFrame {
  return { ...adminFrame(language, req, res, 'members', heading), sections: [], trouble };
}

/** The button that sends a list of the section as it is asked for. */
export function exportOf(
  language: Language,
  list: 'inbox' | 'alarms',
  asked: Readonly<Record<string, string | undefined>>,
): AdminButton {
  return {
    action: `${language.prefix}/admin/billing/${list}/export`,
    label: language.say('admin.billing.export'),
    hidden: Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
  };
}
