package main

import (
	"context"

	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

// plugin answers the kubelet's two questions.
type plugin struct {
	registration.UnimplementedRegistrationServer
	name, endpoint string
	refused        chan<- string
}

// GetInfo says which driver this is, and where.
func (p *plugin) GetInfo(context.Context, *registration.InfoRequest) (*registration.PluginInfo, error) {
	return &registration.PluginInfo{
		Type:              registration.CSIPlugin,
		Name:              p.name,
		Endpoint:          p.endpoint,
		SupportedVersions: []string{"1.0.0"},
	}, nil
}

// NotifyRegistrationStatus hears whether the kubelet took it.
func (p *plugin) NotifyRegistrationStatus(
	_ context.Context, status *registration.RegistrationStatus,
) (*registration.RegistrationStatusResponse, error) {
	if !status.GetPluginRegistered() {
		select {
		case p.refused <- status.GetError():
		default: // it is ending already
		}
	}
	return &registration.RegistrationStatusResponse{}, nil
}
