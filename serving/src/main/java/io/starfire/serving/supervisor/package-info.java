/** Supervisors: topics that are loaded as a Druid spec says, without a pipeline. */
package io.starfire.serving.supervisor;
