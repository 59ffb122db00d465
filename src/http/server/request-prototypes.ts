import { IncomingMessage, ServerResponse, type RequestListener, type ServerOptions } from 'node:http';
import express, { type Express } from 'express';

class AppRequest extends IncomingMessage {}
class AppResponse extends ServerResponse {}
Object.setPrototypeOf(AppRequest.prototype, express.request);
Object.setPrototypeOf(AppResponse.prototype, express.response);

/**
 * What a server makes of each question and answer: what Express would turn them into. Express changes the prototype of
 * each it is handed (express 5.3.0, lib/application.js, `handle`), and V8 then keeps them far longer than they are
 * used: they survive every small collection and are swept by the large ones, which stop everybody.
 */
export const MESSAGES: ServerOptions<typeof AppRequest, typeof AppResponse> = {
  IncomingMessage: AppRequest,
  ServerResponse: AppResponse,
};

/**
 * The application for a server with these messages: Express finds nothing left to change. Others it answers as ever.
 */
export function listenerOf(app: Express): RequestListener {
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
  return (req, res) => {
    Object.assign(req, { app });
    Object.assign(res, { app });
    app(req, res);
  };
}
