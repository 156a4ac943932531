import * as $protobuf from "protobufjs";
import Long = require("long");
/** Namespace v1alpha1. */
export namespace v1alpha1 {

    /** Properties of a VersionRequest. */
    interface IVersionRequest {

        /** VersionRequest version */
        version?: (string|null);
    }

    /** Represents a VersionRequest. */
    class VersionRequest implements IVersionRequest {

        /**
         * Constructs a new VersionRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: v1alpha1.IVersionRequest);

        /** VersionRequest version. */
        public version: string;

        /**
         * Encodes the specified VersionRequest message. Does not implicitly {@link v1alpha1.VersionRequest.verify|verify} messages.
         * @param message VersionRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        public static encode(message: v1alpha1.IVersionRequest, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a VersionRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns VersionRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): v1alpha1.VersionRequest;

        /**
         * Creates a VersionRequest message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns VersionRequest
         */
        public static fromObject(object: { [k: string]: any }): v1alpha1.VersionRequest;

        /**
         * Creates a plain object from a VersionRequest message. Also converts values to other types if specified.
         * @param message VersionRequest
         * @param [options] Conversion options
         * @returns Plain object
         */
        public static toObject(message: v1alpha1.VersionRequest, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this VersionRequest to JSON.
         * @returns JSON object
         */
        public toJSON(): { [k: string]: any };
    }

    /** Properties of a VersionResponse. */
    interface IVersionResponse {

        /** VersionResponse version */
        version?: (string|null);

        /** VersionResponse runtimeName */
        runtimeName?: (string|null);

        /** VersionResponse runtimeVersion */
        runtimeVersion?: (string|null);
    }

    /** Represents a VersionResponse. */
    class VersionResponse implements IVersionResponse {

        /**
         * Constructs a new VersionResponse.
         * @param [properties] Properties to set
         */
        constructor(properties?: v1alpha1.IVersionResponse);

        /** VersionResponse version. */
        public version: string;

        /** VersionResponse runtimeName. */
        public runtimeName: string;

        /** VersionResponse runtimeVersion. */
        public runtimeVersion: string;

        /**
         * Encodes the specified VersionResponse message. Does not implicitly {@link v1alpha1.VersionResponse.verify|verify} messages.
         * @param message VersionResponse message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        public static encode(message: v1alpha1.IVersionResponse, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a VersionResponse message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns VersionResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): v1alpha1.VersionResponse;

        /**
         * Creates a VersionResponse message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns VersionResponse
         */
        public static fromObject(object: { [k: string]: any }): v1alpha1.VersionResponse;

        /**
         * Creates a plain object from a VersionResponse message. Also converts values to other types if specified.
         * @param message VersionResponse
         * @param [options] Conversion options
         * @returns Plain object
         */
        public static toObject(message: v1alpha1.VersionResponse, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this VersionResponse to JSON.
         * @returns JSON object
         */
        public toJSON(): { [k: string]: any };
    }

    /** Properties of a MountRequest. */
    interface IMountRequest {

        /** MountRequest attributes */
        attributes?: (string|null);

        /** MountRequest secrets */
        secrets?: (string|null);

        /** MountRequest targetPath */
        targetPath?: (string|null);

        /** MountRequest permission */
        permission?: (string|null);

        /** MountRequest currentObjectVersion */
        currentObjectVersion?: (v1alpha1.IObjectVersion[]|null);
    }

    /** Represents a MountRequest. */
    class MountRequest implements IMountRequest {

        /**
         * Constructs a new MountRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: v1alpha1.IMountRequest);

        /** MountRequest attributes. */
        public attributes: string;

        /** MountRequest secrets. */
        public secrets: string;

        /** MountRequest targetPath. */
        public targetPath: string;

        /** MountRequest permission. */
        public permission: string;

        /** MountRequest currentObjectVersion. */
        public currentObjectVersion: v1alpha1.IObjectVersion[];

        /**
         * Encodes the specified MountRequest message. Does not implicitly {@link v1alpha1.MountRequest.verify|verify} messages.
         * @param message MountRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        public static encode(message: v1alpha1.IMountRequest, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MountRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns MountRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): v1alpha1.MountRequest;

        /**
         * Creates a MountRequest message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns MountRequest
         */
        public static fromObject(object: { [k: string]: any }): v1alpha1.MountRequest;

        /**
         * Creates a plain object from a MountRequest message. Also converts values to other types if specified.
         * @param message MountRequest
         * @param [options] Conversion options
         * @returns Plain object
         */
        public static toObject(message: v1alpha1.MountRequest, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this MountRequest to JSON.
         * @returns JSON object
         */
        public toJSON(): { [k: string]: any };
    }

    /** Properties of a MountResponse. */
    interface IMountResponse {

        /** MountResponse objectVersion */
        objectVersion?: (v1alpha1.IObjectVersion[]|null);

        /** MountResponse error */
        error?: (v1alpha1.IError|null);

        /** MountResponse files */
        files?: (v1alpha1.IFile[]|null);
    }

    /** Represents a MountResponse. */
    class MountResponse implements IMountResponse {

        /**
         * Constructs a new MountResponse.
         * @param [properties] Properties to set
         */
        constructor(properties?: v1alpha1.IMountResponse);

        /** MountResponse objectVersion. */
        public objectVersion: v1alpha1.IObjectVersion[];

        /** MountResponse error. */
        public error?: (v1alpha1.IError|null);

        /** MountResponse files. */
        public files: v1alpha1.IFile[];

        /**
         * Encodes the specified MountResponse message. Does not implicitly {@link v1alpha1.MountResponse.verify|verify} messages.
         * @param message MountResponse message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        public static encode(message: v1alpha1.IMountResponse, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MountResponse message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns MountResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): v1alpha1.MountResponse;

        /**
         * Creates a MountResponse message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns MountResponse
         */
        public static fromObject(object: { [k: string]: any }): v1alpha1.MountResponse;

        /**
         * Creates a plain object from a MountResponse message. Also converts values to other types if specified.
         * @param message MountResponse
         * @param [options] Conversion options
         * @returns Plain object
         */
        public static toObject(message: v1alpha1.MountResponse, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this MountResponse to JSON.
         * @returns JSON object
         */
        public toJSON(): { [k: string]: any };
    }

    /** Properties of an ObjectVersion. */
    interface IObjectVersion {

        /** ObjectVersion id */
        id?: (string|null);

        /** ObjectVersion version */
        version?: (string|null);
    }

    /** Represents an ObjectVersion. */
    class ObjectVersion implements IObjectVersion {

        /**
         * Constructs a new ObjectVersion.
         * @param [properties] Properties to set
         */
        constructor(properties?: v1alpha1.IObjectVersion);

        /** ObjectVersion id. */
        public id: string;

        /** ObjectVersion version. */
        public version: string;

        /**
         * Encodes the specified ObjectVersion message. Does not implicitly {@link v1alpha1.ObjectVersion.verify|verify} messages.
         * @param message ObjectVersion message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        public static encode(message: v1alpha1.IObjectVersion, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an ObjectVersion message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns ObjectVersion
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): v1alpha1.ObjectVersion;

        /**
         * Creates an ObjectVersion message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns ObjectVersion
         */
        public static fromObject(object: { [k: string]: any }): v1alpha1.ObjectVersion;

        /**
         * Creates a plain object from an ObjectVersion message. Also converts values to other types if specified.
         * @param message ObjectVersion
         * @param [options] Conversion options
         * @returns Plain object
         */
        public static toObject(message: v1alpha1.ObjectVersion, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this ObjectVersion to JSON.
         * @returns JSON object
         */
        public toJSON(): { [k: string]: any };
    }

    /** Properties of an Error. */
    interface IError {

        /** Error code */
        code?: (string|null);
    }

    /** Represents an Error. */
    class Error implements IError {

        /**
         * Constructs a new Error.
         * @param [properties] Properties to set
         */
        constructor(properties?: v1alpha1.IError);

        /** Error code. */
        public code: string;

        /**
         * Encodes the specified Error message. Does not implicitly {@link v1alpha1.Error.verify|verify} messages.
         * @param message Error message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        public static encode(message: v1alpha1.IError, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Error message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns Error
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): v1alpha1.Error;

        /**
         * Creates an Error message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns Error
         */
        public static fromObject(object: { [k: string]: any }): v1alpha1.Error;

        /**
         * Creates a plain object from an Error message. Also converts values to other types if specified.
         * @param message Error
         * @param [options] Conversion options
         * @returns Plain object
         */
        public static toObject(message: v1alpha1.Error, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this Error to JSON.
         * @returns JSON object
         */
        public toJSON(): { [k: string]: any };
    }

    /** Properties of a File. */
    interface IFile {

        /** File path */
        path?: (string|null);

        /** File mode */
        mode?: (number|null);

        /** File contents */
        contents?: (Uint8Array|null);
    }

    /** Represents a File. */
    class File implements IFile {

        /**
         * Constructs a new File.
         * @param [properties] Properties to set
         */
        constructor(properties?: v1alpha1.IFile);

        /** File path. */
        public path: string;

        /** File mode. */
        public mode: number;

        /** File contents. */
        public contents: Uint8Array;

        /**
         * Encodes the specified File message. Does not implicitly {@link v1alpha1.File.verify|verify} messages.
         * @param message File message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        public static encode(message: v1alpha1.IFile, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a File message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns File
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): v1alpha1.File;

        /**
         * Creates a File message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns File
         */
        public static fromObject(object: { [k: string]: any }): v1alpha1.File;

        /**
         * Creates a plain object from a File message. Also converts values to other types if specified.
         * @param message File
         * @param [options] Conversion options
         * @returns Plain object
         */
        public static toObject(message: v1alpha1.File, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this File to JSON.
         * @returns JSON object
         */
        public toJSON(): { [k: string]: any };
    }
}

/** Namespace grpc. */
export namespace grpc {

    /** Namespace health. */
    namespace health {

        /** Namespace v1. */
        namespace v1 {

            /** Properties of a HealthCheckRequest. */
            interface IHealthCheckRequest {

                /** HealthCheckRequest service */
                service?: (string|null);
            }

            /** Represents a HealthCheckRequest. */
            class HealthCheckRequest implements IHealthCheckRequest {

                /**
                 * Constructs a new HealthCheckRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: grpc.health.v1.IHealthCheckRequest);

                /** HealthCheckRequest service. */
                public service: string;

                /**
                 * Encodes the specified HealthCheckRequest message. Does not implicitly {@link grpc.health.v1.HealthCheckRequest.verify|verify} messages.
                 * @param message HealthCheckRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                public static encode(message: grpc.health.v1.IHealthCheckRequest, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a HealthCheckRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns HealthCheckRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): grpc.health.v1.HealthCheckRequest;

                /**
                 * Creates a HealthCheckRequest message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns HealthCheckRequest
                 */
                public static fromObject(object: { [k: string]: any }): grpc.health.v1.HealthCheckRequest;

                /**
                 * Creates a plain object from a HealthCheckRequest message. Also converts values to other types if specified.
                 * @param message HealthCheckRequest
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                public static toObject(message: grpc.health.v1.HealthCheckRequest, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this HealthCheckRequest to JSON.
                 * @returns JSON object
                 */
                public toJSON(): { [k: string]: any };
            }

            /** Properties of a HealthCheckResponse. */
            interface IHealthCheckResponse {

                /** HealthCheckResponse status */
                status?: (grpc.health.v1.HealthCheckResponse.ServingStatus|null);
            }

            /** Represents a HealthCheckResponse. */
            class HealthCheckResponse implements IHealthCheckResponse {

                /**
                 * Constructs a new HealthCheckResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: grpc.health.v1.IHealthCheckResponse);

                /** HealthCheckResponse status. */
                public status: grpc.health.v1.HealthCheckResponse.ServingStatus;

                /**
                 * Encodes the specified HealthCheckResponse message. Does not implicitly {@link grpc.health.v1.HealthCheckResponse.verify|verify} messages.
                 * @param message HealthCheckResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                public static encode(message: grpc.health.v1.IHealthCheckResponse, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a HealthCheckResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns HealthCheckResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): grpc.health.v1.HealthCheckResponse;

                /**
                 * Creates a HealthCheckResponse message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns HealthCheckResponse
                 */
                public static fromObject(object: { [k: string]: any }): grpc.health.v1.HealthCheckResponse;

                /**
                 * Creates a plain object from a HealthCheckResponse message. Also converts values to other types if specified.
                 * @param message HealthCheckResponse
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                public static toObject(message: grpc.health.v1.HealthCheckResponse, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this HealthCheckResponse to JSON.
                 * @returns JSON object
                 */
                public toJSON(): { [k: string]: any };
            }

            namespace HealthCheckResponse {

                /** ServingStatus enum. */
                enum ServingStatus {
                    UNKNOWN = 0,
                    SERVING = 1,
                    NOT_SERVING = 2,
                    SERVICE_UNKNOWN = 3
                }
            }

            /** Properties of a HealthListRequest. */
            interface IHealthListRequest {
            }

            /** Represents a HealthListRequest. */
            class HealthListRequest implements IHealthListRequest {

                /**
                 * Constructs a new HealthListRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: grpc.health.v1.IHealthListRequest);

                /**
                 * Encodes the specified HealthListRequest message. Does not implicitly {@link grpc.health.v1.HealthListRequest.verify|verify} messages.
                 * @param message HealthListRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                public static encode(message: grpc.health.v1.IHealthListRequest, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a HealthListRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns HealthListRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): grpc.health.v1.HealthListRequest;

                /**
                 * Creates a HealthListRequest message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns HealthListRequest
                 */
                public static fromObject(object: { [k: string]: any }): grpc.health.v1.HealthListRequest;

                /**
                 * Creates a plain object from a HealthListRequest message. Also converts values to other types if specified.
                 * @param message HealthListRequest
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                public static toObject(message: grpc.health.v1.HealthListRequest, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this HealthListRequest to JSON.
                 * @returns JSON object
                 */
                public toJSON(): { [k: string]: any };
            }

            /** Properties of a HealthListResponse. */
            interface IHealthListResponse {

                /** HealthListResponse statuses */
                statuses?: ({ [k: string]: grpc.health.v1.IHealthCheckResponse }|null);
            }

            /** Represents a HealthListResponse. */
            class HealthListResponse implements IHealthListResponse {

                /**
                 * Constructs a new HealthListResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: grpc.health.v1.IHealthListResponse);

                /** HealthListResponse statuses. */
                public statuses: { [k: string]: grpc.health.v1.IHealthCheckResponse };

                /**
                 * Encodes the specified HealthListResponse message. Does not implicitly {@link grpc.health.v1.HealthListResponse.verify|verify} messages.
                 * @param message HealthListResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                public static encode(message: grpc.health.v1.IHealthListResponse, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a HealthListResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns HealthListResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): grpc.health.v1.HealthListResponse;

                /**
                 * Creates a HealthListResponse message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns HealthListResponse
                 */
                public static fromObject(object: { [k: string]: any }): grpc.health.v1.HealthListResponse;

                /**
                 * Creates a plain object from a HealthListResponse message. Also converts values to other types if specified.
                 * @param message HealthListResponse
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                public static toObject(message: grpc.health.v1.HealthListResponse, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this HealthListResponse to JSON.
                 * @returns JSON object
                 */
                public toJSON(): { [k: string]: any };
            }
        }
    }
}
