/** Supervisors: they load topics by a Druid spec, without a pipeline. */
package io.starfire.serving.supervisor;
