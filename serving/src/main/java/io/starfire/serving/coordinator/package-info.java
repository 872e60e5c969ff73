/**
 * The coordinator: versions, publications, real-time commits, and the numbered views that queries
 * run on.
 */
package io.starfire.serving.coordinator;
