/**
 * What an author of a pipeline touches: the flow, streams, windows, lookups and data sources.
 *
 * <p>All of it describes; nothing here runs. {@link io.starfire.plan.Planner} turns a {@link
 * io.starfire.api.Pipeline} into a plan, and the drivers run the plan.
 */
@org.jspecify.annotations.NullMarked
package io.starfire.api;
