/**
 * What an author of a pipeline uses: the flow, streams, windows, lookups and data sources.
 *
 * <p>These types only describe a pipeline. {@link io.starfire.plan.Planner} turns a {@link
 * io.starfire.api.Pipeline} into a plan, and the drivers run the plan.
 */
@org.jspecify.annotations.NullMarked
package io.starfire.api;
