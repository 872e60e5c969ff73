/** {@code bin/starfire}: the daemons, the tools and the demonstration. */
package io.starfire.cli;
