package io.starfire.api;

/**
 * A pipeline: one class that both drivers run. It needs a public no-argument constructor.
 *
 * <p>{@link #define} runs on the client and again in every task. It must be cheap, pure and
 * deterministic. Code is not sent to tasks: a task gets the class name, builds the plan itself, and
 * refuses to run if its plan differs from the client's.
 *
 * <p>Functions given to operators must be pure and deterministic too, since retries and restarts
 * call them again. They may capture any object: nothing is serialised.
 */
public interface Pipeline {
  /** Describes the pipeline, by calling methods of {@code flow} and of what they return. */
  void define(Flow flow);
}
