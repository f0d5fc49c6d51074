import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';
import { firstQuery } from './first-query.ts';

const container = document.getElementById('explorer');
if (!container) throw new Error('The page has no place for the explorer.');

// The address is asked of the page, so that the explorer works under any host and port.
const url = new URL('/graphql', window.location.href).href;
const fetcher = createGraphiQLFetcher({ url, subscriptionUrl: url.replace(/^http/, 'ws') });

createRoot(container).render(<GraphiQL fetcher={fetcher} defaultQuery={firstQuery} defaultEditorToolsVisibility />);
