import { z } from 'zod';
import { api } from '../../contract/api.ts';
import { Problem } from '../../contract/faults.ts';
import { permissions } from '../../contract/permissions.ts';
import type { Route } from '../../contract/route.ts';

type Json = Record<string, unknown>;
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
};
let made: Json | undefined;

/** The surface as an OpenAPI 3.1 document, generated from the contract's table. */
export function openApi(version: string): Json {
  if (made) return made;
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of Object.entries(api) as [string, Route][]) {
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(operationId, route) };
  }
  made = {
    openapi: '3.1.0',
    info: { title: 'Portcullis', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'portcullis.session_token' },
      },
    },
  };
  return made;
}

function operation(operationId: string, route: Route): Json {
  const problem = {
    description: 'What is wrong and what to do',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const answer: Json = { description: route.summary };
  if (route.output) {
    answer.content = { 'application/json': { schema: schemaOf(route.output, 'output') } };
    if (route.events) answer.content = { ...(answer.content as Json), 'text/event-stream': { schema: schemaOf(route.events, 'output') } };
  }
  if (route.text) answer.content = { [route.text]: { schema: { type: 'string' } } };
  return {
    operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(route.permission === 'public'
      ? { security: [] }
      : { security: [{ key: [] }, { cookie: [] }], 'x-permission': route.permission, 'x-scope': permissions[route.permission].scope }),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } } } : {}),
    responses: { [route.output || route.text ? (route.status ?? 200) : 204]: answer, default: problem },
  };
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: value,
  }));
}
