// The live channel: one WebSocket per tab at /api/live, many subscriptions on it (contract/live.ts).
import fastifyWebsocket from '@fastify/websocket';
import { Bug, NotAllowed } from '@tidewheel/contract/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unattended } from '../../base/endpoint.ts';
import type { Logger } from '../../base/logger.ts';
import { createCall } from './call.ts';
import { closeCodes, type LiveFeeds, type LiveLimits, LiveSocket, type LiveSocketOptions, liveLimits } from './live-socket.ts';
import { admitActor, type EndpointServices } from './mount-endpoint.ts';
import { originOfRequest } from './same-origin.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who opened the WebSocket, and how to ask again whether he still may. */
    liveVisitor?: Pick<LiveSocketOptions, 'actor' | 'again' | 'refused'>;
  }
}

export interface LiveOptions {
  feeds: LiveFeeds;
  log: Logger;
  limits?: Partial<LiveLimits>;
}

/** For createHttp's option `live`. */
export function liveChannel({ feeds, log, limits }: LiveOptions) {
  const bounds = { ...liveLimits, ...limits };
  return async (app: FastifyInstance, services: EndpointServices): Promise<void> => {
    await app.register(fastifyWebsocket, { options: { maxPayload: bounds.messageBytes } });
    app.route({
      method: 'GET',
      url: '/api/live',
      config: { operation: 'live' },
      preValidation: async (request, reply) => {
        refuseForeignPage(request, services.reached.publicOrigin);
        const call = createCall({ request, reply, reached: services.reached });
        const again = () => services.authenticate(unattended(call));
        const actor = await again();
        if (!actor) services.guard?.refused(call);
        const refused = (error: unknown) =>
          services.refusals?.note({ actor: actor && { ...actor, via: { requestId: call.requestId, address: call.address } }, error, route: 'live' });
        try {
          request.liveVisitor = { actor: admitActor(actor, 'run.read'), again, refused };
        } catch (error) {
          refused(error);
          throw error;
        }
      },
      handler: async () => {
        throw new NotAllowed('live.upgrade', 'This address speaks WebSocket only.', { hint: 'For plain HTTP use GET /api/runs/{id}/stream.' });
      },
      wsHandler: (socket, { liveVisitor }) => {
        if (!liveVisitor) throw new Bug('live.visitor', 'A WebSocket came past the door.');
        const channel = new LiveSocket({ socket, ...liveVisitor, feeds, log, bounds, mayReceive: services.guard?.messages() ?? (() => true) });
        const end = () => channel.close(closeCodes.goingAway, 'the server is stopping');
        const { closing } = services.reached;
        closing.addEventListener('abort', end, { once: true });
        socket.once('close', () => closing.removeEventListener('abort', end));
      },
    });
  };
}

/** A browser sends its cookie with a WebSocket from any page, so the page must prove to be ours. @throws NotAllowed */
function refuseForeignPage({ headers }: FastifyRequest, publicOrigin: string | undefined): void {
  const came = originOfRequest(headers, publicOrigin);
  const ridesOnCookie = headers.authorization === undefined && headers.cookie !== undefined;
  if (came === 'same' || (came === 'unsaid' && !ridesOnCookie)) return;
  throw new NotAllowed('request.cross_site', 'This WebSocket was not opened by a page of this site.', {
    hint: 'Programs send an API token in the Authorization header.',
  });
}
