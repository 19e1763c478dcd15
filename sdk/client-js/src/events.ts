// Listeners, by the type of event that they are for.

/** Is called with each event of its type. */
export type Listener<Event> = (event: Event) => void;

export interface ListenOptions {
  /** When it is aborted, the listener is removed. */
  signal?: AbortSignal;
}

/** `Events` has the events by their types. */
export class Emitter<Events> {
  // Each listener with what removes it.
  readonly #listeners = new Map<keyof Events, Map<Listener<never>, () => void>>();

  /** Adds a listener, once however often; what is returned removes it. */
  on<Type extends keyof Events>(type: Type, listener: Listener<Events[Type]>, { signal }: ListenOptions = {}): () => void {
    const remove = () => this.off(type, listener);
    if (signal?.aborted) return remove;
    remove();
    signal?.addEventListener("abort", remove, { once: true });
    this.#of(type).set(listener, () => signal?.removeEventListener("abort", remove));
    return remove;
  }

  off<Type extends keyof Events>(type: Type, listener: Listener<Events[Type]>): void {
    const listeners = this.#of(type);
    listeners.get(listener)?.();
    listeners.delete(listener);
  }

  emit<Type extends keyof Events>(type: Type, event: Events[Type]): void {
    const listeners = this.#of(type);
    for (const listener of [...listeners.keys()] as Listener<Events[Type]>[]) {
      // One before it may have removed it.
      if (listeners.has(listener)) call(listener, event);
    }
  }

  /** Removes every listener. */
  clear(): void {
    for (const listeners of this.#listeners.values()) listeners.forEach((release) => release());
    this.#listeners.clear();
  }

  #of(type: keyof Events): Map<Listener<never>, () => void> {
    const listeners = this.#listeners.get(type) ?? new Map<Listener<never>, () => void>();
    this.#listeners.set(type, listeners);
    return listeners;
  }
}

// A listener that throws is its author's affair, as with DOM events: it is told as uncaught, and keeps nobody else from
// the event.
function call<Event>(listener: Listener<Event>, event: Event): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
