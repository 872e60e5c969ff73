/** The configuration of a deployment: a HOCON file, with defaults from reference.conf. */
package io.starfire.config;
