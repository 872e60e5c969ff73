/**
 * The coordinator: versions, publications, real-time commits, and the numbered views that queries
 * use.
 */
package io.starfire.serving.coordinator;
