import type { Request } from 'express';
import { accountsViewer } from '../../access/viewer';
import { networkPrefixOf } from '../../lib/network';
import type { LoginParts } from './complete-login';
import { deviceOf, knownDevice } from './known-devices';
import type { Attempt } from './limits';

/** Who tries an address in its one form, as the limits count them. */
export async function attemptOf(
  { wall, https }: Pick<LoginParts, 'wall' | 'https'>,
  req: Request,
  email: string,
): Promise<Attempt> {
  const device = deviceOf(req, https);
  return {
    email,
    ip: networkPrefixOf(req.ip),
    device: device === null ? null : await wall.read(accountsViewer, (db) => knownDevice(db, device, email)),
  };
}
