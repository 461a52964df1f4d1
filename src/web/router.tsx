import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { ProblemError } from '../contract/client.ts';
import { ask, queryClient } from './api.ts';
import { NotFoundPage, PageError } from './features/shell/page-states.tsx';

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: PageError });

/** Where nobody is signed in: to the first run if there was none, else to the door and back afterwards. */
async function entered(href: string): Promise<void> {
  try {
    await queryClient.ensureQueryData(ask.me);
  } catch (error) {
    if (
      !(error instanceof ProblemError && error.problem.status === 401) &&
      !(error instanceof ProblemError && error.code === 'setup.required')
    )
      throw error;
    const setup = await queryClient.fetchQuery(ask.setup);
    throw setup.done ? redirect({ to: '/sign-in', search: href === '/' ? {} : { to: href } }) : redirect({ to: '/setup' });
  }
}

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: ({ location }) => entered(location.href),
  component: lazyRouteComponent(() => import('./features/shell/app-shell.tsx'), 'AppShell'),
  errorComponent: PageError,
});

const text = z.string().optional().catch(undefined);
const flag = z.literal(true).optional().catch(undefined);

const pages = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./features/dashboard/dashboard-page.tsx'), 'DashboardPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/databases',
    validateSearch: z.object({
      q: text,
      show: z.enum(['ready', 'reading', 'attention', 'disabled']).optional().catch(undefined),
      add: flag,
    }),
    component: lazyRouteComponent(() => import('./features/databases/databases-page.tsx'), 'DatabasesPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/databases/$connectionId',
    validateSearch: z.object({
      tab: z.enum(['overview', 'schema', 'ask', 'query', 'access', 'runs', 'settings']).optional().catch(undefined),
      table: text,
      find: text,
      q: text,
      from: text,
      run: text,
      edit: flag,
    }),
    component: lazyRouteComponent(() => import('./features/connection/connection-page.tsx'), 'ConnectionPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/ask',
    validateSearch: z.object({ q: text }),
    component: lazyRouteComponent(() => import('./features/ask/ask-page.tsx'), 'AskPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/audit',
    validateSearch: z.object({
      from: text,
      to: text,
      actor: text,
      connection: text,
      action: text,
      outcome: text,
      cursor: text,
      entry: text,
    }),
    component: lazyRouteComponent(() => import('./features/audit/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/members',
    component: lazyRouteComponent(() => import('./features/members/members-page.tsx'), 'MembersPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/settings',
    component: lazyRouteComponent(() => import('./features/settings/settings-page.tsx'), 'SettingsPage'),
  }),
] as const;

const doors = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/setup',
    component: lazyRouteComponent(() => import('./features/entrance/setup-page.tsx'), 'SetupPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sign-in',
    validateSearch: z.object({ to: text }),
    component: lazyRouteComponent(() => import('./features/entrance/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/invitation',
    component: lazyRouteComponent(() => import('./features/entrance/invitation-page.tsx'), 'InvitationPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/password',
    component: lazyRouteComponent(() => import('./features/entrance/password-page.tsx'), 'PasswordPage'),
  }),
] as const;

/** The pages of the app and the doors before them. Each page is loaded when it is first opened. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([appRoute.addChildren(pages), ...doors]),
  defaultPreload: 'intent',
  defaultPendingMinMs: 0,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
