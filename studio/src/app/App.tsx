/** Which page is at which address. */

import { lazy, Suspense } from "react";
import { Route, Router, Switch } from "wouter";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

const Home = lazy(() => import("../home/Home"));
const Components = lazy(() => import("../components/Components"));
const Editor = lazy(() => import("../editor/Editor"));
const Integration = lazy(() => import("../integration/Integration"));
const Versions = lazy(() => import("../versions/Versions"));
const Runs = lazy(() => import("../runs/Runs"));
const Run = lazy(() => import("../runs/Run"));

export function App() {
  return (
    <Router base="/studio">
      <Shell>
        <Suspense fallback={null}>
          <Switch>
            <Route path="/" component={Home} />
            <Route path="/components" component={Components} />
            <Route path="/flows/:flow">{({ flow }) => <Editor key={flow} flow={flow} />}</Route>
            <Route path="/flows/:flow/integration">{({ flow }) => <Integration key={flow} flow={flow} />}</Route>
            <Route path="/flows/:flow/versions">{({ flow }) => <Versions key={flow} flow={flow} />}</Route>
            <Route path="/flows/:flow/runs">{({ flow }) => <Runs key={flow} flow={flow} />}</Route>
            <Route path="/flows/:flow/runs/:run">{({ flow, run }) => <Run key={run} flow={flow} run={run} />}</Route>
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Shell>
    </Router>
  );
}
