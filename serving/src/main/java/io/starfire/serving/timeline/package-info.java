/** Decides which segments are visible where: versions, partitions, completeness, overshadowing. */
package io.starfire.serving.timeline;
