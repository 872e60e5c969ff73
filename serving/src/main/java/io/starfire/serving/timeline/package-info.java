/** Which segments show where: versions, partitions, completeness, overshadowing. */
package io.starfire.serving.timeline;
