import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/server/config.ts';

/** The problems that these variables have. */
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [`${error}`];
  }
}
const of = (about: Record<string, string>) =>
  Object.fromEntries(Object.entries(about).map(([name, value]) => [`PORTCULLIS_EMBEDDINGS_${name}`, value]));

describe('the endpoint for embeddings', () => {
  test('is none unless it is named, and keeps its key', () => {
    expect(readConfig({}).embeddings).toBeNull();
    const { embeddings } = readConfig(of({ URL: 'https://models.example.com/v1/', MODEL: 'small', KEY: 'sk-hidden' }));
    expect(embeddings).toMatchObject({ url: 'https://models.example.com/v1', model: 'small' });
    expect(JSON.stringify(embeddings)).not.toContain('sk-hidden');
  });

  test.each([
    ['a model without it', of({ MODEL: 'small' }), 'PORTCULLIS_EMBEDDINGS_URL: is needed'],
    ['no model', of({ URL: 'https://a.example/v1' }), 'PORTCULLIS_EMBEDDINGS_MODEL: is needed'],
    ['no address', of({ URL: 'models', MODEL: 'm' }), 'must be an http or https address'],
    ['another scheme', of({ URL: 'file:///etc/passwd', MODEL: 'm' }), 'must be an http or https address'],
    ['a password in it', of({ URL: 'https://a:b@a.example/v1', MODEL: 'm' }), 'must be an http or https address'],
    ['a key in the clear', of({ URL: 'http://a.example/v1', MODEL: 'm', KEY: 'k' }), 'does not travel in the clear'],
  ])('is refused: %s', (_, env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(problem)]);
  });

  test.each(['http://127.0.0.1:11434/v1', 'http://[::1]:11434/v1', 'http://localhost/v1'])('may be on this machine: %s', (url) => {
    expect(problemsOf(of({ URL: url, MODEL: 'm', KEY: 'k' }))).toEqual([]);
  });
});
