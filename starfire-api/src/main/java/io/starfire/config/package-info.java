/** The configuration of a deployment: one HOCON file over the defaults of reference.conf. */
package io.starfire.config;
