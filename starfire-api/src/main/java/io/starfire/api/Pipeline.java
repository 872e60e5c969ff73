package io.starfire.api;

/**
 * A pipeline: one class that both drivers run. It needs a public no-argument constructor.
 *
 * <p>{@link #define} runs on the client and again in every task. It must be cheap, pure and
 * deterministic: only the class name and the fingerprint of the plan travel, and a task that
 * rebuilds another plan refuses to run. Functions given to operators must be pure and deterministic
 * too, since retries and restarts call them again; they may capture anything.
 */
public interface Pipeline {
  /** Describes the pipeline. */
  void define(Flow flow);
}
