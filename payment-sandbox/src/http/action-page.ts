import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Authorization, refused } from '../authorization.ts';
import type { Ledger } from '../ledger.ts';
import type { Processor } from '../processor.ts';
import { readRequest, unlessRefused } from './errors.ts';

const byId = z.object({ id: z.string() });
const decision = z.object({ decision: z.enum(['approve', 'decline'], 'must be "approve" or "decline"') });

/** Path of the page on which the shopper takes the step at the bank. Whoever knows the id may: no API key. */
export const actionPath = (authorization: Authorization): string => `/3ds/${authorization.id}`;

/** The make-believe bank's page: works without scripts, by an ordinary form. */
export function serveActionPage(
  server: FastifyInstance,
  { processor, ledger }: { processor: Processor; ledger: Ledger },
): void {
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });

  server.get('/3ds/:id', async (request, reply) => {
    const { id } = readRequest(byId, request.params);
    const found = ledger.authorization(id) ?? unlessRefused(refused(404, 'not_found', 'There is no such payment.'));
    return sendPage(reply, found.status === 'requires_action' ? form(found) : ending(found));
  });

  server.post('/3ds/:id', async (request, reply) => {
    const { id } = readRequest(byId, request.params);
    const approved = readRequest(decision, request.body).decision === 'approve';
    const { authorization } = unlessRefused(processor.answerAction(id, approved));
    // 303: the browser follows with GET whatever it sent.
    if (authorization.returnUrl !== null) return reply.redirect(authorization.returnUrl, 303);
    return sendPage(reply, ending(authorization));
  });
}

function form({ amount, currency, reference }: Authorization): string {
  return `<h1>Confirm your payment</h1>
<p>${amount} minor units of ${escapeHtml(currency)} for ${escapeHtml(reference)}.</p>
<form method="post">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="decline">Decline</button>
</form>`;
}

function ending({ status }: Authorization): string {
  const sentence =
    status === 'declined' || status === 'voided' ? 'The payment was not approved.' : 'The payment was approved.';
  return `<h1>${sentence}</h1><p>You can go back to the shop.</p>`;
}

function sendPage(reply: FastifyReply, content: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sandbox bank</title>
<style>body{font:1rem/1.5 system-ui;max-width:30rem;margin:10vh auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}</style>
${content}
</html>`);
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
