import type { AppOptions } from './app-options';
import { BILLING_CRONTAB, billingTasks } from './billing/sync/tasks';
import type { ReconcileParts } from './billing/sync/reconcile';
import { IMPORTS_CRONTAB } from './imports/expire';
import { ISSUES_CRONTAB, type IssueRoom } from './issues/room';
import { WEBHOOKS_CRONTAB, type WebhookRoom } from './webhooks/room';
import { PICTURES_CRONTAB, pictureTasks, queuePictureMoves } from './briefings/pictures/tasks';
import type { CommonParts } from './http/common-parts';
import type { MailRoom } from './mail/room';
import { startJobs, type Task } from './stores/postgres/jobs';

interface Work extends Pick<AppOptions, 'pollInterval'> {
  readonly mail: MailRoom;
  readonly sync: ReconcileParts;
  readonly issues: IssueRoom;
  readonly webhooks: WebhookRoom;
  readonly importing: Readonly<Record<string, Task>>;
  readonly role: NonNullable<AppOptions['role']>;
  readonly works: NonNullable<AppOptions['works']>;
}

/** Starts what this process does behind its pages: letters and the queue's jobs, each as far as it is meant to. */
export function startBackground(
  { databaseUrl, wall, bucket, log }: CommonParts,
  { mail: letters, issues, webhooks, sync, importing, role, works, pollInterval }: Work,
): { close(): Promise<void> } {
  const mail = role === 'web' ? null : letters.start();
  const jobs =
    works === 'not'
      ? null
      : startJobs({
          databaseUrl,
          tasks: {
            ...billingTasks(sync),
            ...importing,
            ...issues.tasks,
            ...webhooks.tasks,
            ...pictureTasks({ wall, bucket, log }),
          },
          crontab:
            works === 'by the clock'
              ? [BILLING_CRONTAB, PICTURES_CRONTAB, ISSUES_CRONTAB, IMPORTS_CRONTAB, WEBHOOKS_CRONTAB].join('\n')
              : '',
          log,
          pollInterval,
        });
  if (jobs && bucket) queuePictureMoves(wall, log);
  return {
    close: async () => {
      issues.stop();
      await Promise.all([mail?.close(), jobs?.close()]);
      issues.close();
    },
  };
}
