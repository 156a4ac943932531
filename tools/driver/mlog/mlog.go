// Package mlog has what the stock driver calls of the logging facade with this import path, which some module proxies
// do not serve. Text goes to klog unchanged; the JSON format is not here.
package mlog

import (
	"context"
	"errors"

	"k8s.io/klog/v2"
)

// LogFormat is how the log is written.
type LogFormat string

const (
	// FormatText is klog's own.
	FormatText LogFormat = "text"
	// FormatJSON is refused.
	FormatJSON LogFormat = "json"
)

// Setup returns what has to run before the process ends.
func Setup() func() { return klog.Flush }

// ValidateAndSetKlogLevelAndFormatGlobally accepts text at the level that klog's own flag has set.
func ValidateAndSetKlogLevelAndFormatGlobally(_ context.Context, _ klog.Level, format LogFormat) error {
	if format != FormatText {
		return errors.New("this build of the driver logs text only")
	}
	return nil
}

// Error logs an error with its circumstances.
func Error(message string, err error, keysAndValues ...any) {
	klog.ErrorSDepth(1, err, message, keysAndValues...)
}

// Fatal logs what ends the process, and ends it.
func Fatal(err error) {
	klog.ErrorSDepth(1, err, "ended")
	klog.FlushAndExit(klog.ExitFlushTimeout, 1)
}
