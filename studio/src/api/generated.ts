// Generated of src/api/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/api/v1/components": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the components
         * @description With their functions: types, docs, defaults and JSON Schemas.
         */
        get: operations["components_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the drafts */
        get: operations["drafts_drafts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/expressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the functions of expressions */
        get: operations["components_expressions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the flows
         * @description With what is wrong with them.
         */
        get: operations["flows_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a flow */
        get: operations["flows_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/asyncapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Describe the interface of a flow
         * @description As AsyncAPI 3.0: its address, and every message in both directions with its JSON Schema.
         */
        get: operations["flows_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the cases of a flow
         * @description As they are being edited, else as they are beside the flow.
         */
        get: operations["cases_show"];
        /**
         * Write the cases of a flow
         * @description Whatever they say is kept, beside the draft, and comes beside the flow when that is published. Cases that there are already are
         *     replaced only by who names them, by If-Match.
         */
        put: operations["cases_write"];
        post?: never;
        /**
         * Forget what was edited of a flow's cases
         * @description Those beside the flow stay.
         */
        delete: operations["cases_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/cases/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run cases
         * @description On virtual time, in which sleeping takes none; no client hears of it, and nothing of it is kept. With
         *     `Accept: text/event-stream` an event `case` for each as it is done, and then `done` with how many came out how. Whoever leaves
         *     cancels what is under way.
         */
        post: operations["cases_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a document
         * @description As it is typed: nothing is kept. The body is the document; it is checked as the flow of this id, against the components
         *     that there are now.
         */
        post: operations["drafts_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the draft of a flow */
        get: operations["drafts_show"];
        /**
         * Write the draft of a flow
         * @description The body is the document. Whatever it says is kept, and the answer has what is wrong with it. A draft that there is
         *     already is replaced only by who names it, by If-Match.
         */
        put: operations["drafts_write"];
        post?: never;
        /**
         * Throw the draft of a flow away
         * @description What was published stays.
         */
        delete: operations["drafts_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go back to an older version
         * @description Makes a new version with its document and its components, byte by byte: numbers only grow, and history stays. In a
         *     project the document is in `flows/` then; files of components stay as they are.
         */
        post: operations["versions_roll_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a document
         * @description Runs it on the real clock, in a sandbox of its own: no client hears of it, and nothing of it is kept. Told as server-sent
         *     events: `started`, `activation` for each that there is and again whenever one comes further, `push`, and last `end`. Whoever leaves
         *     cancels the run.
         */
        post: operations["drafts_try_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a flow
         * @description Newest first, in pages.
         */
        get: operations["versions_list"];
        put?: never;
        /**
         * Publish a flow
         * @description Makes a version of the document in the body, or of the draft. New runs take it at once, on the sockets that are open;
         *     runs under way go on in theirs. In a project the document is in `flows/` then. A draft that says the same is removed. If
         *     the current version has this content already, nothing is made.
         */
        post: operations["versions_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/versions/{from}/diff/{to}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what differs between two versions
         * @description Nodes, edges, input and components, and the documents line by line.
         */
        get: operations["versions_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a version
         * @description With its document, and the components that it calls.
         */
        get: operations["versions_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describe all of this */
        get: operations["description_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/project": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the project */
        get: operations["project_show"];
        put?: never;
        /**
         * Make a project
         * @description Of the empty folder that is served: `sandgate.toml`, `flows/` and what editors need in it. There are no flows yet.
         */
        post: operations["project_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs
         * @description With `Accept: text/event-stream` whatever happens to such runs from now on: an event `run` each time that one comes further. Who
         *     is too slow is told by an event `missed` how many it was not.
         */
        get: operations["runs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show one run */
        get: operations["runs_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run */
        post: operations["runs_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the trace of a run
         * @description With `Accept: text/event-stream` live: an event `activation` for each that there is, and again whenever one comes further, and
         *     an event `end` when the run has ended.
         */
        get: operations["runs_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/run/{flow}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a flow
         * @description The body is the input, a JSON object, or nothing for an empty one; of a flow with raw framing it is the message. With
         *     `Accept: text/event-stream` the pushes come as they are made, as events `push`, and then `output` or `failed`.
         */
        post: operations["runs_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An activation: one call of a node's component. */
        Activation: {
            /**
             * Format: int64
             * @description Its number in the run, from 0.
             */
            activation: number;
            /** @description What it asked of the host. */
            calls: components["schemas"]["Value"][];
            component: string;
            /**
             * Format: int64
             * @description CPU time; what passed on the clock of a call that is too short to be measured otherwise.
             */
            cpu_us: number;
            /** Format: double */
            duration_ms?: number | null;
            ended?: string | null;
            /** @description Why it failed. */
            failure?: string | null;
            /** @description The function; null of a gateway. */
            function?: string | null;
            given?: null | components["schemas"]["Value"];
            /**
             * Format: int64
             * @description Linear memory at its end.
             */
            memory_bytes: number;
            node: string;
            result?: null | components["schemas"]["Value"];
            started?: string | null;
            /** @description `waiting` for room, `running`, `returned`, `failed`, or `cancelled` since the run's end was decided. */
            status: string;
        };
        Argument: components["schemas"]["Typed"] & {
            /** @description Null if there is none. */
            default?: unknown;
            docs?: string | null;
            hidden: boolean;
            name: string;
            widget?: string | null;
        };
        /** @description Why a run is cancelled. */
        Cancel: {
            /** @description For people. */
            reason?: string | null;
        };
        /** @description How many came out how. */
        CaseCount: {
            failed: number;
            passed: number;
            /** @description That expect nothing, and did not fail. */
            shown: number;
        };
        /** @description A push that came. */
        CasePush: {
            /**
             * Format: double
             * @description When, since the start of the run, on its own clock.
             */
            at_ms: number;
            message: components["schemas"]["Value"];
            /** @description Whom it was for: `everyone`, `client:<id>`. */
            to: string;
        };
        /** @description What came of a case. */
        CaseResult: {
            /** @description What each activation was given, returned and cost, in the order in which they began. */
            activations: components["schemas"]["Activation"][];
            /** @description How it differs from what is expected: lines that begin with `-` were expected, those with `+` came instead. */
            differences: string[];
            /**
             * Format: double
             * @description How long it took, on its own clock.
             */
            duration_ms: number;
            end?: null | components["schemas"]["RunEnd"];
            /** @description What the run was started with. */
            input: components["schemas"]["Value"];
            /** @description The case's name. */
            name: string;
            /** @description Every push, in order. */
            pushes: components["schemas"]["CasePush"][];
            /** @description `passed`, `failed`, or `shown`: it expects nothing, and did not fail. */
            status: string;
            /** @description Whether there were more of them. */
            truncated: boolean;
        };
        /** @description What came of all of them. */
        CaseResults: components["schemas"]["CaseCount"] & {
            cases: components["schemas"]["CaseResult"][];
        };
        /** @description The file of a flow's cases, and what is wrong with it. */
        Cases: {
            /** @example countdown */
            flow: string;
            problems: components["schemas"]["Finding"][];
            /** @description The file. It may be wrong. */
            text: string;
        };
        /** @description Which cases are run, and of which document. */
        CasesToRun: {
            /** @description The file of cases; without one that which is kept. */
            cases?: string | null;
            /** @description The document; without one the draft, or what was published last. */
            document?: string | null;
            /** @description The names of those that are run; all of them without. */
            names?: string[] | null;
        };
        ChangedComponent: {
            component: string;
            /** @description The SHA-256 of the bytes that the first version calls; null if it calls none of this name. */
            from?: string | null;
            /** @description Whether its limits differ. */
            limits: boolean;
            /** @description The same of the second. */
            to?: string | null;
        };
        ChangedEdges: {
            added: components["schemas"]["Edge"][];
            removed: components["schemas"]["Edge"][];
        };
        /** @description Things by name. */
        ChangedNames: {
            added: string[];
            changed: string[];
            removed: string[];
        };
        /** @description A node that does something else. */
        ChangedNode: {
            /** @description The keys that differ: `call`, say, or `with`. */
            fields: string[];
            node: string;
        };
        ChangedNodes: {
            added: string[];
            changed: components["schemas"]["ChangedNode"][];
            removed: string[];
        };
        /** @description What the check says of a document. */
        Check: {
            /** @description What its expressions have in scope; nothing if it cannot be read. */
            names: components["schemas"]["Name"][];
            /** @description What is wrong with it. With an error it cannot be published. */
            problems: components["schemas"]["Finding"][];
        };
        /** @description A component that is loaded. */
        Component: {
            /** @description The name that flows call it by. */
            component: string;
            /** @description The SHA-256 of its bytes, in hexadecimal. */
            digest: string;
            docs?: string | null;
            functions: components["schemas"]["Function"][];
            gateway: boolean;
            group?: string | null;
            icon?: string | null;
            /**
             * @description What it asks of the host: interfaces, by name.
             * @example [
             *       "sandgate:flow/push@0.1.0"
             *     ]
             */
            imports: string[];
            stateless: boolean;
            title?: string | null;
        };
        /** @description The components that are loaded, by name. */
        Components: {
            components: components["schemas"]["Component"][];
        };
        /** @description What the second of two versions has other than the first. */
        Diff: {
            /** @description Components that other bytes, or other limits, are called of. */
            components: components["schemas"]["ChangedComponent"][];
            /** @description What is said of the flow as a whole, and of its interface, by keys of the document: `title`, say. */
            document: string[];
            /** @description Where runs go on. */
            edges: components["schemas"]["ChangedEdges"];
            /** @description The flow's id. */
            flow: string;
            /**
             * Format: int64
             * @description The first version's number.
             */
            from: number;
            /** @description Parameters of a run. */
            input: components["schemas"]["ChangedNames"];
            /** @description Nodes, by id. One is changed if it does something else, not if the run goes on elsewhere from it. */
            nodes: components["schemas"]["ChangedNodes"];
            /** @description The documents, line by line: a unified diff, empty if they are the same. */
            text: string;
            /**
             * Format: int64
             * @description The second version's number.
             */
            to: number;
        };
        /** @description A draft, and what is wrong with it. */
        Draft: {
            /** @example countdown */
            flow: string;
            /** @description What the check finds wrong with it. With an error it cannot be published. */
            problems: components["schemas"]["Finding"][];
            /** @description The document. It may be wrong. */
            text: string;
        };
        /** @description A draft in short. */
        DraftHead: {
            /** @example countdown */
            flow: string;
            /** @description When it was changed last: RFC 3339, in UTC. */
            modified?: string | null;
            problems: components["schemas"]["ProblemCounts"];
            /** @description Whether there is a version of the flow. */
            published: boolean;
            /** @description The title that it gives the flow. */
            title?: string | null;
        };
        /** @description The drafts that there are. */
        Drafts: {
            drafts: components["schemas"]["DraftHead"][];
        };
        /** @description A way from one node to another. */
        Edge: {
            /** @description How: `next`, `on-error`, or `branch` with its place. */
            by: string;
            /** @description The node that is left. */
            from: string;
            /** @description The node that is reached. */
            to: string;
        };
        /** @description A function of the language of expressions. */
        ExpressionFunction: {
            docs: string;
            /** @example size */
            name: string;
            /** @example size(value) */
            signature: string;
        };
        /** @description What expressions may call. */
        Expressions: {
            functions: components["schemas"]["ExpressionFunction"][];
        };
        /** @description Something wrong in a document. */
        Finding: {
            /** @description The column, from 1, in characters. */
            column: number;
            /** @description The column after its last character. */
            end_column: number;
            /** @description The line that it ends on. */
            end_line: number;
            /**
             * @description What to do.
             * @example did you mean `counter`?
             */
            help?: string | null;
            /** @description The line, from 1. */
            line: number;
            /**
             * @description What is wrong.
             * @example there is no component `countr`
             */
            message: string;
            /**
             * @description `error`: the flow cannot be used; `warning`: it can, and is probably not what was meant.
             * @example error
             */
            severity: string;
        };
        /** @description A flow, as clients see it. What the document says is null as long as no version of it was free of errors. */
        Flow: {
            description?: string | null;
            /** @example countdown */
            flow: string;
            /**
             * @description `json-rpc` or `raw`.
             * @example json-rpc
             */
            framing?: string | null;
            /** @description A JSON Schema of an object. */
            input?: unknown;
            /** @description What is wrong with the file. */
            problems: components["schemas"]["Finding"][];
            /**
             * @description Where it is run over HTTP.
             * @example /run/countdown
             */
            run: string;
            /**
             * @description `served`; `stale`, where the file has errors and the last version is served; or `broken`, where nothing is.
             * @example served
             */
            status: string;
            /** @example Countdown */
            title: string;
            /**
             * Format: int64
             * @description The version that new runs take.
             * @example 3
             */
            version?: number | null;
            /**
             * @description Where clients connect by WebSocket.
             * @example /ws/countdown
             */
            websocket: string;
        };
        /** @description The flows of the project, or of the data folder where there is no project. */
        Flows: {
            flows: components["schemas"]["Flow"][];
            /**
             * @description The project's name.
             * @example shop
             */
            project: string;
            /** @description Files that are left out: components that do not load, say. */
            unusable: components["schemas"]["Unusable"][];
        };
        /** @description A function that a node can call. */
        Function: {
            docs?: string | null;
            error?: null | components["schemas"]["Typed"];
            /** @description As flows write it. */
            function: string;
            /** @description A JSON Schema of an object with all of them. */
            input: unknown;
            interface: string;
            parameters: components["schemas"]["Argument"][];
            result?: null | components["schemas"]["Typed"];
        };
        /** @description A name that expressions have in scope. */
        Name: {
            docs?: string | null;
            /** @example input.a */
            name: string;
            /** @description Whether it may be null somewhere. */
            nullable: boolean;
            /**
             * @description What is known of its type.
             * @example int
             */
            type: string;
        };
        /** @description A project that is to be made. */
        NewProject: {
            /** @description Its name, for people; the folder's without. */
            name?: string | null;
        };
        /** @description Something that could not be done: problem details (RFC 9457). */
        Problem: {
            /**
             * @description What happened, for people.
             * @example there is no flow "nothing": /api/v1/flows lists those there are
             */
            detail: string;
            /**
             * Format: int32
             * @description The status.
             * @example 404
             */
            status: number;
            /**
             * @description The status in words.
             * @example Not Found
             */
            title: string;
            /**
             * @description What kind of problem, for programs.
             * @example urn:sandgate:problem:unknown-flow
             */
            type: string;
        } & {
            [key: string]: unknown;
        };
        /** @description How much is wrong. */
        ProblemCounts: {
            errors: number;
            warnings: number;
        };
        /** @description What is served, as a whole. */
        Project: {
            /** @description Whether that folder is no project yet: it can be made one. */
            empty: boolean;
            /** @description How many flows there are. */
            flows: number;
            /** @description Whether it is a folder, in which flows are files. */
            folder: boolean;
            /**
             * @description Its name, for people.
             * @example shop
             */
            project: string;
            /** @description Files that are left out: components that do not load, say. */
            unusable: components["schemas"]["Unusable"][];
            /** @description The version of the host. */
            version: string;
        };
        /** @description What is to be published. */
        Publish: {
            /** @description The document; without one the draft is published. */
            document?: string | null;
            /**
             * @description What changes, for people.
             * @example Count slower
             */
            message?: string;
        };
        /** @description What came of publishing or going back. */
        Published: {
            /** @description False if the current version has this content already: there is no new one. */
            created: boolean;
            /** @description The version that new runs take. */
            version: components["schemas"]["Version"];
        };
        /** @description Where to go back to. */
        Rollback: {
            /** @description Why, for people; "back to version N" without. */
            message?: string | null;
            /**
             * Format: int64
             * @description A version's number.
             * @example 2
             */
            to: number;
        };
        /** @description A run, and how it ended. */
        Run: components["schemas"]["RunHead"] & {
            end?: null | components["schemas"]["RunEnd"];
        };
        /** @description How a run ended. */
        RunEnd: {
            /** @description Why it failed, or was cancelled. */
            error?: string | null;
            output?: null | components["schemas"]["Value"];
            /** @description `output`, `completed`, `failed` or `cancelled`. */
            status: string;
        };
        /** @description A run at a glance. Who started it is not shown: a client id is a secret. */
        RunHead: {
            /** @description If nothing goes on in it before some time has come, which. */
            asleep_until?: string | null;
            ended?: string | null;
            /** @example countdown */
            flow: string;
            /** @example 01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd */
            run: string;
            /** @description RFC 3339, in UTC, as all times are. */
            started: string;
            /** @description `running`, `output`, `completed`, `failed`, `cancelled`, or `damaged`: what is stored of it cannot be read. */
            status: string;
            /**
             * Format: int64
             * @description The version that it began with.
             */
            version: number;
        };
        /** @description Runs, the youngest first. */
        Runs: {
            /** @description `before` of the next page; null on the last. */
            next?: string | null;
            runs: components["schemas"]["RunHead"][];
        };
        /** @description The trace of a run. */
        Trace: {
            /** @description In the order in which they began. */
            activations: components["schemas"]["Activation"][];
            end?: null | components["schemas"]["RunEnd"];
            /**
             * Format: int64
             * @description `after` of the next page; null on the last.
             */
            next?: number | null;
            run: components["schemas"]["RunHead"];
        };
        /** @description What is tried, and what it is given. */
        Trial: {
            /** @description The client that starts it. */
            client?: string | null;
            /** @description The document; without one the draft, or what was published last. */
            document?: string | null;
            input?: null | components["schemas"]["Value"];
            /** @description With raw framing, the message that starts the run. */
            message?: string | null;
        };
        Typed: {
            schema: unknown;
            /** @description As WIT writes it; null for an error without a value. */
            type?: string | null;
        };
        /** @description A file of a project that cannot be used. */
        Unusable: {
            /** @description The file, from the project's folder. */
            file: string;
            /** @description Why not. */
            message: string;
        };
        Value: unknown;
        /** @description A version, and all that it is made of. */
        Version: components["schemas"]["VersionHead"] & {
            /** @description What it calls. */
            components: components["schemas"]["VersionComponent"][];
            /**
             * @description The ending of the document's file: `yaml`, `yml` or `json`.
             * @example yaml
             */
            ending: string;
            /** @description The document. */
            text: string;
        };
        /** @description A component that a version calls. */
        VersionComponent: {
            /** @description The name that the flow calls it by. */
            component: string;
            /** @description The SHA-256 of its bytes, in hexadecimal. */
            digest: string;
            /** @description Limits of its own. */
            limits: {
                [key: string]: number;
            };
            /**
             * @description What its other limits are: `engine` for all that the engine allows, `default` for what a component of somebody
             *     else may use.
             */
            other_limits: string;
        };
        /** @description A version in short. */
        VersionHead: {
            /** @description Whether new runs take it: the newest is current. */
            current: boolean;
            /** @example countdown */
            flow: string;
            /**
             * @description What was said when it was published.
             * @example Count slower
             */
            message: string;
            /**
             * @description When it was published: RFC 3339, in UTC.
             * @example 2026-03-01T08:05:09.120Z
             */
            published: string;
            /**
             * Format: int64
             * @description The version whose content it has again, if it was made by going back.
             */
            restores?: number | null;
            /**
             * Format: int64
             * @description 1 for the flow's first version, and one more for each after it.
             * @example 3
             */
            version: number;
        };
        /** @description Versions of a flow, newest first. */
        Versions: {
            flow: string;
            /**
             * Format: int64
             * @description `before` of the next page; null on the last.
             */
            next?: number | null;
            versions: components["schemas"]["VersionHead"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    components_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Components"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_drafts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drafts"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    components_expressions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Expressions"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flows"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The flow */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flow"];
                };
            };
            /** @description There is no such flow */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The description */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description There is no such flow */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No version of the flow had no errors */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_show: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of what is known already */
                "If-None-Match"?: string | null;
            };
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file of cases */
            200: {
                headers: {
                    /** @description Tells it apart from what it was before */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cases"];
                };
            };
            /** @description It is what is known already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There are none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_write: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the cases that are to be replaced */
                "If-Match"?: string | null;
                /** @description `*`: there must be none */
                "If-None-Match"?: string | null;
            };
            path: {
                /** @description The flow's id; the flow need not be there yet */
                flow: string;
            };
            cookie?: never;
        };
        /** @description The file of cases */
        requestBody: {
            content: {
                "application/yaml": string;
            };
        };
        responses: {
            /** @description They were replaced */
            200: {
                headers: {
                    /** @description That of the new ones */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cases"];
                };
            };
            /** @description There were none before */
            201: {
                headers: {
                    /** @description That of the new ones */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cases"];
                };
            };
            /** @description Somebody else has changed, made or removed them */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There are cases, and If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_remove: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only while they have this entity tag */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Nothing was edited */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description They have another entity tag by now */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id; the flow need not be there yet */
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CasesToRun"];
            };
        };
        responses: {
            /** @description What came of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseResults"];
                    "text/event-stream": string;
                };
            };
            /** @description There is no such flow */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The document or the cases have errors: `problems` says which, and where */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Cases are run for too many others now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_check: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id; the flow need not be there yet */
                flow: string;
            };
            cookie?: never;
        };
        /** @description The document, YAML or JSON */
        requestBody: {
            content: {
                "application/yaml": string;
            };
        };
        responses: {
            /** @description What is wrong with it, and what is in scope */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Check"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_show: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of what is known already */
                "If-None-Match"?: string | null;
            };
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The draft */
            200: {
                headers: {
                    /** @description Tells it apart from what it was before */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description It is what is known already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_write: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the draft that is to be replaced */
                "If-Match"?: string | null;
                /** @description `*`: there must be no draft */
                "If-None-Match"?: string | null;
            };
            path: {
                /** @description The flow's id; the flow need not be there yet */
                flow: string;
            };
            cookie?: never;
        };
        /** @description The document, YAML or JSON */
        requestBody: {
            content: {
                "application/yaml": string;
            };
        };
        responses: {
            /** @description It was replaced */
            200: {
                headers: {
                    /** @description That of the new draft */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description There was none before */
            201: {
                headers: {
                    /** @description That of the new draft */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description Somebody else has changed, made or removed it */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is a draft, and If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_remove: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only while it has this entity tag */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has another entity tag by now */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_roll_back: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rollback"];
            };
        };
        responses: {
            /** @description The current version has this content already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Published"];
                };
            };
            /** @description A new version */
            201: {
                headers: {
                    /** @description Its address */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Published"];
                };
            };
            /** @description There is no such version */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file in flows/ was changed by hand since it was read, and would be written over */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot be run: a file of a component is damaged, say */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_try_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id; the flow need not be there yet */
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Trial"];
            };
        };
        responses: {
            /** @description What happens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description There is no such flow */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The document has errors, or the input does not fit: `problems` says where */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too much is tried now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_list: {
        parameters: {
            query?: {
                /** @description Versions with a lower number than this; the newest ones without. */
                before?: number;
                /** @description As many at most; `versions_page_max` without, and never more. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versions"];
                };
            };
            /** @description The flow was never published */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_publish: {
        parameters: {
            query?: never;
            header?: {
                /** @description Publish the draft only while it has this entity tag */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Publish"];
            };
        };
        responses: {
            /** @description The current version has this content already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Published"];
                };
            };
            /** @description A new version */
            201: {
                headers: {
                    /** @description Its address */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Published"];
                };
            };
            /** @description There is no draft */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file in flows/ was changed by hand since it was read, and would be written over */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The draft has another entity tag by now */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The document has errors: `problems` says which, and where */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_diff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id */
                flow: string;
                /** @description The number of the first version */
                from: number;
                /** @description The number of the second */
                to: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the second has other than the first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Diff"];
                };
            };
            /** @description There is no such version */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id */
                flow: string;
                /** @description Its number */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description There is no such version */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    description_show: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    project_show: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    project_make: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProject"];
            };
        };
        responses: {
            /** @description The project */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The folder is a project already, or there is none */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_list: {
        parameters: {
            query?: {
                /** @description Of this flow alone. */
                flow?: string;
                /** @description That stand so: `running`, `output`, `completed`, `failed`, `cancelled` or `damaged`. */
                status?: string;
                /** @description Started then or later: RFC 3339. */
                since?: string;
                /** @description Started before: RFC 3339. */
                until?: string;
                /** @description Older than this run; the youngest without. */
                before?: string;
                /** @description As many at most; `runs_page_max` without, and never more. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Runs, the youngest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Runs"];
                };
            };
            /** @description What is asked for cannot be */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description There is none, or it is forgotten */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id */
                run: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cancel"];
            };
        };
        responses: {
            /** @description How it ended: `cancelled`, or as it was about to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunEnd"];
                };
            };
            /** @description There is none under way */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_show: {
        parameters: {
            query?: {
                /** @description Activations with a higher number than this; from the first on without. */
                after?: number;
                /** @description As many at most; `trace_page_max` without, and never more. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The run's id */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trace"];
                };
            };
            /** @description There is no such run, or it is forgotten */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The flow's id */
                flow: string;
            };
            cookie?: never;
        };
        /** @description The input; of a flow with raw framing the message */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "a": 3
                 *     }
                 */
                "application/json": components["schemas"]["Value"];
                "application/octet-stream": string;
                "text/plain": string;
            };
        };
        responses: {
            /** @description The run's output, once it has ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "output": 0,
                     *       "run": "01a206c7-e329-77ab-8125-63cce8b2d376"
                     *     }
                     */
                    "application/json": components["schemas"]["Value"];
                    "text/event-stream": string;
                };
            };
            /** @description There is no such flow */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run was cancelled */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input does not fit: `problems` says where */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run failed: `node`, `kind` and `message` say where and why */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no room now, or no version of the flow had no errors */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whatever else can be wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
