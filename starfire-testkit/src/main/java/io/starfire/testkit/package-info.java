/**
 * What a pipeline means, computed in the plainest way, and what the drivers have to agree on with
 * it: for tests of the drivers, and of a user's own pipelines.
 */
package io.starfire.testkit;
