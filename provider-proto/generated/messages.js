/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const v1alpha1 = $root.v1alpha1 = (() => {

    /**
     * Namespace v1alpha1.
     * @exports v1alpha1
     * @namespace
     */
    const v1alpha1 = {};

    v1alpha1.VersionRequest = (function() {

        /**
         * Properties of a VersionRequest.
         * @memberof v1alpha1
         * @interface IVersionRequest
         * @property {string|null} [version] VersionRequest version
         */

        /**
         * Constructs a new VersionRequest.
         * @memberof v1alpha1
         * @classdesc Represents a VersionRequest.
         * @implements IVersionRequest
         * @constructor
         * @param {v1alpha1.IVersionRequest=} [properties] Properties to set
         */
        function VersionRequest(properties) {
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        /**
         * VersionRequest version.
         * @member {string} version
         * @memberof v1alpha1.VersionRequest
         * @instance
         */
        VersionRequest.prototype.version = "";

        /**
         * Encodes the specified VersionRequest message. Does not implicitly {@link v1alpha1.VersionRequest.verify|verify} messages.
         * @function encode
         * @memberof v1alpha1.VersionRequest
         * @static
         * @param {v1alpha1.IVersionRequest} message VersionRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        VersionRequest.encode = function encode(message, writer, q) {
            if (!writer)
                writer = $Writer.create();
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            if (message.version != null && Object.hasOwnProperty.call(message, "version"))
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
            return writer;
        };

        /**
         * Decodes a VersionRequest message from the specified reader or buffer.
         * @function decode
         * @memberof v1alpha1.VersionRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {v1alpha1.VersionRequest} VersionRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        VersionRequest.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.v1alpha1.VersionRequest();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 1: {
                        message.version = reader.string();
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        /**
         * Creates a VersionRequest message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof v1alpha1.VersionRequest
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {v1alpha1.VersionRequest} VersionRequest
         */
        VersionRequest.fromObject = function fromObject(object, long) {
            if (object instanceof $root.v1alpha1.VersionRequest)
                return object;
            if (!$util.isObject(object))
                throw TypeError(".v1alpha1.VersionRequest: object expected");
            if (long === undefined)
                long = 0;
            if (long > $util.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let message = new $root.v1alpha1.VersionRequest();
            if (object.version != null)
                message.version = String(object.version);
            return message;
        };

        /**
         * Creates a plain object from a VersionRequest message. Also converts values to other types if specified.
         * @function toObject
         * @memberof v1alpha1.VersionRequest
         * @static
         * @param {v1alpha1.VersionRequest} message VersionRequest
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        VersionRequest.toObject = function toObject(message, options, q) {
            if (!options)
                options = {};
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            let object = {};
            if (options.defaults)
                object.version = "";
            if (message.version != null && Object.hasOwnProperty.call(message, "version"))
                object.version = message.version;
            return object;
        };

        /**
         * Converts this VersionRequest to JSON.
         * @function toJSON
         * @memberof v1alpha1.VersionRequest
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        VersionRequest.prototype.toJSON = function toJSON() {
            return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
        };

        return VersionRequest;
    })();

    v1alpha1.VersionResponse = (function() {

        /**
         * Properties of a VersionResponse.
         * @memberof v1alpha1
         * @interface IVersionResponse
         * @property {string|null} [version] VersionResponse version
         * @property {string|null} [runtimeName] VersionResponse runtimeName
         * @property {string|null} [runtimeVersion] VersionResponse runtimeVersion
         */

        /**
         * Constructs a new VersionResponse.
         * @memberof v1alpha1
         * @classdesc Represents a VersionResponse.
         * @implements IVersionResponse
         * @constructor
         * @param {v1alpha1.IVersionResponse=} [properties] Properties to set
         */
        function VersionResponse(properties) {
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        /**
         * VersionResponse version.
         * @member {string} version
         * @memberof v1alpha1.VersionResponse
         * @instance
         */
        VersionResponse.prototype.version = "";

        /**
         * VersionResponse runtimeName.
         * @member {string} runtimeName
         * @memberof v1alpha1.VersionResponse
         * @instance
         */
        VersionResponse.prototype.runtimeName = "";

        /**
         * VersionResponse runtimeVersion.
         * @member {string} runtimeVersion
         * @memberof v1alpha1.VersionResponse
         * @instance
         */
        VersionResponse.prototype.runtimeVersion = "";

        /**
         * Encodes the specified VersionResponse message. Does not implicitly {@link v1alpha1.VersionResponse.verify|verify} messages.
         * @function encode
         * @memberof v1alpha1.VersionResponse
         * @static
         * @param {v1alpha1.IVersionResponse} message VersionResponse message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        VersionResponse.encode = function encode(message, writer, q) {
            if (!writer)
                writer = $Writer.create();
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            if (message.version != null && Object.hasOwnProperty.call(message, "version"))
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
            if (message.runtimeName != null && Object.hasOwnProperty.call(message, "runtimeName"))
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.runtimeName);
            if (message.runtimeVersion != null && Object.hasOwnProperty.call(message, "runtimeVersion"))
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.runtimeVersion);
            return writer;
        };

        /**
         * Decodes a VersionResponse message from the specified reader or buffer.
         * @function decode
         * @memberof v1alpha1.VersionResponse
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {v1alpha1.VersionResponse} VersionResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        VersionResponse.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.v1alpha1.VersionResponse();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 1: {
                        message.version = reader.string();
                        break;
                    }
                case 2: {
                        message.runtimeName = reader.string();
                        break;
                    }
                case 3: {
                        message.runtimeVersion = reader.string();
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        /**
         * Creates a VersionResponse message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof v1alpha1.VersionResponse
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {v1alpha1.VersionResponse} VersionResponse
         */
        VersionResponse.fromObject = function fromObject(object, long) {
            if (object instanceof $root.v1alpha1.VersionResponse)
                return object;
            if (!$util.isObject(object))
                throw TypeError(".v1alpha1.VersionResponse: object expected");
            if (long === undefined)
                long = 0;
            if (long > $util.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let message = new $root.v1alpha1.VersionResponse();
            if (object.version != null)
                message.version = String(object.version);
            if (object.runtimeName != null)
                message.runtimeName = String(object.runtimeName);
            if (object.runtimeVersion != null)
                message.runtimeVersion = String(object.runtimeVersion);
            return message;
        };

        /**
         * Creates a plain object from a VersionResponse message. Also converts values to other types if specified.
         * @function toObject
         * @memberof v1alpha1.VersionResponse
         * @static
         * @param {v1alpha1.VersionResponse} message VersionResponse
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        VersionResponse.toObject = function toObject(message, options, q) {
            if (!options)
                options = {};
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                object.version = "";
                object.runtimeName = "";
                object.runtimeVersion = "";
            }
            if (message.version != null && Object.hasOwnProperty.call(message, "version"))
                object.version = message.version;
            if (message.runtimeName != null && Object.hasOwnProperty.call(message, "runtimeName"))
                object.runtimeName = message.runtimeName;
            if (message.runtimeVersion != null && Object.hasOwnProperty.call(message, "runtimeVersion"))
                object.runtimeVersion = message.runtimeVersion;
            return object;
        };

        /**
         * Converts this VersionResponse to JSON.
         * @function toJSON
         * @memberof v1alpha1.VersionResponse
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        VersionResponse.prototype.toJSON = function toJSON() {
            return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
        };

        return VersionResponse;
    })();

    v1alpha1.MountRequest = (function() {

        /**
         * Properties of a MountRequest.
         * @memberof v1alpha1
         * @interface IMountRequest
         * @property {string|null} [attributes] MountRequest attributes
         * @property {string|null} [secrets] MountRequest secrets
         * @property {string|null} [targetPath] MountRequest targetPath
         * @property {string|null} [permission] MountRequest permission
         * @property {Array.<v1alpha1.IObjectVersion>|null} [currentObjectVersion] MountRequest currentObjectVersion
         */

        /**
         * Constructs a new MountRequest.
         * @memberof v1alpha1
         * @classdesc Represents a MountRequest.
         * @implements IMountRequest
         * @constructor
         * @param {v1alpha1.IMountRequest=} [properties] Properties to set
         */
        function MountRequest(properties) {
            this.currentObjectVersion = [];
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        /**
         * MountRequest attributes.
         * @member {string} attributes
         * @memberof v1alpha1.MountRequest
         * @instance
         */
        MountRequest.prototype.attributes = "";

        /**
         * MountRequest secrets.
         * @member {string} secrets
         * @memberof v1alpha1.MountRequest
         * @instance
         */
        MountRequest.prototype.secrets = "";

        /**
         * MountRequest targetPath.
         * @member {string} targetPath
         * @memberof v1alpha1.MountRequest
         * @instance
         */
        MountRequest.prototype.targetPath = "";

        /**
         * MountRequest permission.
         * @member {string} permission
         * @memberof v1alpha1.MountRequest
         * @instance
         */
        MountRequest.prototype.permission = "";

        /**
         * MountRequest currentObjectVersion.
         * @member {Array.<v1alpha1.IObjectVersion>} currentObjectVersion
         * @memberof v1alpha1.MountRequest
         * @instance
         */
        MountRequest.prototype.currentObjectVersion = $util.emptyArray;

        /**
         * Encodes the specified MountRequest message. Does not implicitly {@link v1alpha1.MountRequest.verify|verify} messages.
         * @function encode
         * @memberof v1alpha1.MountRequest
         * @static
         * @param {v1alpha1.IMountRequest} message MountRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        MountRequest.encode = function encode(message, writer, q) {
            if (!writer)
                writer = $Writer.create();
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            if (message.attributes != null && Object.hasOwnProperty.call(message, "attributes"))
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.attributes);
            if (message.secrets != null && Object.hasOwnProperty.call(message, "secrets"))
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.secrets);
            if (message.targetPath != null && Object.hasOwnProperty.call(message, "targetPath"))
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.targetPath);
            if (message.permission != null && Object.hasOwnProperty.call(message, "permission"))
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.permission);
            if (message.currentObjectVersion != null && message.currentObjectVersion.length)
                for (let i = 0; i < message.currentObjectVersion.length; ++i)
                    $root.v1alpha1.ObjectVersion.encode(message.currentObjectVersion[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), q + 1).ldelim();
            return writer;
        };

        /**
         * Decodes a MountRequest message from the specified reader or buffer.
         * @function decode
         * @memberof v1alpha1.MountRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {v1alpha1.MountRequest} MountRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        MountRequest.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.v1alpha1.MountRequest();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 1: {
                        message.attributes = reader.string();
                        break;
                    }
                case 2: {
                        message.secrets = reader.string();
                        break;
                    }
                case 3: {
                        message.targetPath = reader.string();
                        break;
                    }
                case 4: {
                        message.permission = reader.string();
                        break;
                    }
                case 5: {
                        if (!(message.currentObjectVersion && message.currentObjectVersion.length))
                            message.currentObjectVersion = [];
                        message.currentObjectVersion.push($root.v1alpha1.ObjectVersion.decode(reader, reader.uint32(), undefined, long + 1));
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        /**
         * Creates a MountRequest message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof v1alpha1.MountRequest
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {v1alpha1.MountRequest} MountRequest
         */
        MountRequest.fromObject = function fromObject(object, long) {
            if (object instanceof $root.v1alpha1.MountRequest)
                return object;
            if (!$util.isObject(object))
                throw TypeError(".v1alpha1.MountRequest: object expected");
            if (long === undefined)
                long = 0;
            if (long > $util.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let message = new $root.v1alpha1.MountRequest();
            if (object.attributes != null)
                message.attributes = String(object.attributes);
            if (object.secrets != null)
                message.secrets = String(object.secrets);
            if (object.targetPath != null)
                message.targetPath = String(object.targetPath);
            if (object.permission != null)
                message.permission = String(object.permission);
            if (object.currentObjectVersion) {
                if (!Array.isArray(object.currentObjectVersion))
                    throw TypeError(".v1alpha1.MountRequest.currentObjectVersion: array expected");
                message.currentObjectVersion = [];
                for (let i = 0; i < object.currentObjectVersion.length; ++i) {
                    if (!$util.isObject(object.currentObjectVersion[i]))
                        throw TypeError(".v1alpha1.MountRequest.currentObjectVersion: object expected");
                    message.currentObjectVersion[i] = $root.v1alpha1.ObjectVersion.fromObject(object.currentObjectVersion[i], long + 1);
                }
            }
            return message;
        };

        /**
         * Creates a plain object from a MountRequest message. Also converts values to other types if specified.
         * @function toObject
         * @memberof v1alpha1.MountRequest
         * @static
         * @param {v1alpha1.MountRequest} message MountRequest
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        MountRequest.toObject = function toObject(message, options, q) {
            if (!options)
                options = {};
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            let object = {};
            if (options.arrays || options.defaults)
                object.currentObjectVersion = [];
            if (options.defaults) {
                object.attributes = "";
                object.secrets = "";
                object.targetPath = "";
                object.permission = "";
            }
            if (message.attributes != null && Object.hasOwnProperty.call(message, "attributes"))
                object.attributes = message.attributes;
            if (message.secrets != null && Object.hasOwnProperty.call(message, "secrets"))
                object.secrets = message.secrets;
            if (message.targetPath != null && Object.hasOwnProperty.call(message, "targetPath"))
                object.targetPath = message.targetPath;
            if (message.permission != null && Object.hasOwnProperty.call(message, "permission"))
                object.permission = message.permission;
            if (message.currentObjectVersion && message.currentObjectVersion.length) {
                object.currentObjectVersion = [];
                for (let j = 0; j < message.currentObjectVersion.length; ++j)
                    object.currentObjectVersion[j] = $root.v1alpha1.ObjectVersion.toObject(message.currentObjectVersion[j], options, q + 1);
            }
            return object;
        };

        /**
         * Converts this MountRequest to JSON.
         * @function toJSON
         * @memberof v1alpha1.MountRequest
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        MountRequest.prototype.toJSON = function toJSON() {
            return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
        };

        return MountRequest;
    })();

    v1alpha1.MountResponse = (function() {

        /**
         * Properties of a MountResponse.
         * @memberof v1alpha1
         * @interface IMountResponse
         * @property {Array.<v1alpha1.IObjectVersion>|null} [objectVersion] MountResponse objectVersion
         * @property {v1alpha1.IError|null} [error] MountResponse error
         * @property {Array.<v1alpha1.IFile>|null} [files] MountResponse files
         */

        /**
         * Constructs a new MountResponse.
         * @memberof v1alpha1
         * @classdesc Represents a MountResponse.
         * @implements IMountResponse
         * @constructor
         * @param {v1alpha1.IMountResponse=} [properties] Properties to set
         */
        function MountResponse(properties) {
            this.objectVersion = [];
            this.files = [];
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        /**
         * MountResponse objectVersion.
         * @member {Array.<v1alpha1.IObjectVersion>} objectVersion
         * @memberof v1alpha1.MountResponse
         * @instance
         */
        MountResponse.prototype.objectVersion = $util.emptyArray;

        /**
         * MountResponse error.
         * @member {v1alpha1.IError|null|undefined} error
         * @memberof v1alpha1.MountResponse
         * @instance
         */
        MountResponse.prototype.error = null;

        /**
         * MountResponse files.
         * @member {Array.<v1alpha1.IFile>} files
         * @memberof v1alpha1.MountResponse
         * @instance
         */
        MountResponse.prototype.files = $util.emptyArray;

        /**
         * Encodes the specified MountResponse message. Does not implicitly {@link v1alpha1.MountResponse.verify|verify} messages.
         * @function encode
         * @memberof v1alpha1.MountResponse
         * @static
         * @param {v1alpha1.IMountResponse} message MountResponse message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        MountResponse.encode = function encode(message, writer, q) {
            if (!writer)
                writer = $Writer.create();
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            if (message.objectVersion != null && message.objectVersion.length)
                for (let i = 0; i < message.objectVersion.length; ++i)
                    $root.v1alpha1.ObjectVersion.encode(message.objectVersion[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), q + 1).ldelim();
            if (message.error != null && Object.hasOwnProperty.call(message, "error"))
                $root.v1alpha1.Error.encode(message.error, writer.uint32(/* id 2, wireType 2 =*/18).fork(), q + 1).ldelim();
            if (message.files != null && message.files.length)
                for (let i = 0; i < message.files.length; ++i)
                    $root.v1alpha1.File.encode(message.files[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), q + 1).ldelim();
            return writer;
        };

        /**
         * Decodes a MountResponse message from the specified reader or buffer.
         * @function decode
         * @memberof v1alpha1.MountResponse
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {v1alpha1.MountResponse} MountResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        MountResponse.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.v1alpha1.MountResponse();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 1: {
                        if (!(message.objectVersion && message.objectVersion.length))
                            message.objectVersion = [];
                        message.objectVersion.push($root.v1alpha1.ObjectVersion.decode(reader, reader.uint32(), undefined, long + 1));
                        break;
                    }
                case 2: {
                        message.error = $root.v1alpha1.Error.decode(reader, reader.uint32(), undefined, long + 1);
                        break;
                    }
                case 3: {
                        if (!(message.files && message.files.length))
                            message.files = [];
                        message.files.push($root.v1alpha1.File.decode(reader, reader.uint32(), undefined, long + 1));
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        /**
         * Creates a MountResponse message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof v1alpha1.MountResponse
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {v1alpha1.MountResponse} MountResponse
         */
        MountResponse.fromObject = function fromObject(object, long) {
            if (object instanceof $root.v1alpha1.MountResponse)
                return object;
            if (!$util.isObject(object))
                throw TypeError(".v1alpha1.MountResponse: object expected");
            if (long === undefined)
                long = 0;
            if (long > $util.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let message = new $root.v1alpha1.MountResponse();
            if (object.objectVersion) {
                if (!Array.isArray(object.objectVersion))
                    throw TypeError(".v1alpha1.MountResponse.objectVersion: array expected");
                message.objectVersion = [];
                for (let i = 0; i < object.objectVersion.length; ++i) {
                    if (!$util.isObject(object.objectVersion[i]))
                        throw TypeError(".v1alpha1.MountResponse.objectVersion: object expected");
                    message.objectVersion[i] = $root.v1alpha1.ObjectVersion.fromObject(object.objectVersion[i], long + 1);
                }
            }
            if (object.error != null) {
                if (!$util.isObject(object.error))
                    throw TypeError(".v1alpha1.MountResponse.error: object expected");
                message.error = $root.v1alpha1.Error.fromObject(object.error, long + 1);
            }
            if (object.files) {
                if (!Array.isArray(object.files))
                    throw TypeError(".v1alpha1.MountResponse.files: array expected");
                message.files = [];
                for (let i = 0; i < object.files.length; ++i) {
                    if (!$util.isObject(object.files[i]))
                        throw TypeError(".v1alpha1.MountResponse.files: object expected");
                    message.files[i] = $root.v1alpha1.File.fromObject(object.files[i], long + 1);
                }
            }
            return message;
        };

        /**
         * Creates a plain object from a MountResponse message. Also converts values to other types if specified.
         * @function toObject
         * @memberof v1alpha1.MountResponse
         * @static
         * @param {v1alpha1.MountResponse} message MountResponse
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        MountResponse.toObject = function toObject(message, options, q) {
            if (!options)
                options = {};
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            let object = {};
            if (options.arrays || options.defaults) {
                object.objectVersion = [];
                object.files = [];
            }
            if (options.defaults)
                object.error = null;
            if (message.objectVersion && message.objectVersion.length) {
                object.objectVersion = [];
                for (let j = 0; j < message.objectVersion.length; ++j)
                    object.objectVersion[j] = $root.v1alpha1.ObjectVersion.toObject(message.objectVersion[j], options, q + 1);
            }
            if (message.error != null && Object.hasOwnProperty.call(message, "error"))
                object.error = $root.v1alpha1.Error.toObject(message.error, options, q + 1);
            if (message.files && message.files.length) {
                object.files = [];
                for (let j = 0; j < message.files.length; ++j)
                    object.files[j] = $root.v1alpha1.File.toObject(message.files[j], options, q + 1);
            }
            return object;
        };

        /**
         * Converts this MountResponse to JSON.
         * @function toJSON
         * @memberof v1alpha1.MountResponse
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        MountResponse.prototype.toJSON = function toJSON() {
            return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
        };

        return MountResponse;
    })();

    v1alpha1.ObjectVersion = (function() {

        /**
         * Properties of an ObjectVersion.
         * @memberof v1alpha1
         * @interface IObjectVersion
         * @property {string|null} [id] ObjectVersion id
         * @property {string|null} [version] ObjectVersion version
         */

        /**
         * Constructs a new ObjectVersion.
         * @memberof v1alpha1
         * @classdesc Represents an ObjectVersion.
         * @implements IObjectVersion
         * @constructor
         * @param {v1alpha1.IObjectVersion=} [properties] Properties to set
         */
        function ObjectVersion(properties) {
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        /**
         * ObjectVersion id.
         * @member {string} id
         * @memberof v1alpha1.ObjectVersion
         * @instance
         */
        ObjectVersion.prototype.id = "";

        /**
         * ObjectVersion version.
         * @member {string} version
         * @memberof v1alpha1.ObjectVersion
         * @instance
         */
        ObjectVersion.prototype.version = "";

        /**
         * Encodes the specified ObjectVersion message. Does not implicitly {@link v1alpha1.ObjectVersion.verify|verify} messages.
         * @function encode
         * @memberof v1alpha1.ObjectVersion
         * @static
         * @param {v1alpha1.IObjectVersion} message ObjectVersion message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ObjectVersion.encode = function encode(message, writer, q) {
            if (!writer)
                writer = $Writer.create();
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            if (message.id != null && Object.hasOwnProperty.call(message, "id"))
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
            if (message.version != null && Object.hasOwnProperty.call(message, "version"))
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.version);
            return writer;
        };

        /**
         * Decodes an ObjectVersion message from the specified reader or buffer.
         * @function decode
         * @memberof v1alpha1.ObjectVersion
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {v1alpha1.ObjectVersion} ObjectVersion
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ObjectVersion.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.v1alpha1.ObjectVersion();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 1: {
                        message.id = reader.string();
                        break;
                    }
                case 2: {
                        message.version = reader.string();
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        /**
         * Creates an ObjectVersion message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof v1alpha1.ObjectVersion
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {v1alpha1.ObjectVersion} ObjectVersion
         */
        ObjectVersion.fromObject = function fromObject(object, long) {
            if (object instanceof $root.v1alpha1.ObjectVersion)
                return object;
            if (!$util.isObject(object))
                throw TypeError(".v1alpha1.ObjectVersion: object expected");
            if (long === undefined)
                long = 0;
            if (long > $util.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let message = new $root.v1alpha1.ObjectVersion();
            if (object.id != null)
                message.id = String(object.id);
            if (object.version != null)
                message.version = String(object.version);
            return message;
        };

        /**
         * Creates a plain object from an ObjectVersion message. Also converts values to other types if specified.
         * @function toObject
         * @memberof v1alpha1.ObjectVersion
         * @static
         * @param {v1alpha1.ObjectVersion} message ObjectVersion
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        ObjectVersion.toObject = function toObject(message, options, q) {
            if (!options)
                options = {};
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                object.id = "";
                object.version = "";
            }
            if (message.id != null && Object.hasOwnProperty.call(message, "id"))
                object.id = message.id;
            if (message.version != null && Object.hasOwnProperty.call(message, "version"))
                object.version = message.version;
            return object;
        };

        /**
         * Converts this ObjectVersion to JSON.
         * @function toJSON
         * @memberof v1alpha1.ObjectVersion
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        ObjectVersion.prototype.toJSON = function toJSON() {
            return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
        };

        return ObjectVersion;
    })();

    v1alpha1.Error = (function() {

        /**
         * Properties of an Error.
         * @memberof v1alpha1
         * @interface IError
         * @property {string|null} [code] Error code
         */

        /**
         * Constructs a new Error.
         * @memberof v1alpha1
         * @classdesc Represents an Error.
         * @implements IError
         * @constructor
         * @param {v1alpha1.IError=} [properties] Properties to set
         */
        function Error(properties) {
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        /**
         * Error code.
         * @member {string} code
         * @memberof v1alpha1.Error
         * @instance
         */
        Error.prototype.code = "";

        /**
         * Encodes the specified Error message. Does not implicitly {@link v1alpha1.Error.verify|verify} messages.
         * @function encode
         * @memberof v1alpha1.Error
         * @static
         * @param {v1alpha1.IError} message Error message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Error.encode = function encode(message, writer, q) {
            if (!writer)
                writer = $Writer.create();
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            if (message.code != null && Object.hasOwnProperty.call(message, "code"))
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.code);
            return writer;
        };

        /**
         * Decodes an Error message from the specified reader or buffer.
         * @function decode
         * @memberof v1alpha1.Error
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {v1alpha1.Error} Error
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Error.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.v1alpha1.Error();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 1: {
                        message.code = reader.string();
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        /**
         * Creates an Error message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof v1alpha1.Error
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {v1alpha1.Error} Error
         */
        Error.fromObject = function fromObject(object, long) {
            if (object instanceof $root.v1alpha1.Error)
                return object;
            if (!$util.isObject(object))
                throw TypeError(".v1alpha1.Error: object expected");
            if (long === undefined)
                long = 0;
            if (long > $util.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let message = new $root.v1alpha1.Error();
            if (object.code != null)
                message.code = String(object.code);
            return message;
        };

        /**
         * Creates a plain object from an Error message. Also converts values to other types if specified.
         * @function toObject
         * @memberof v1alpha1.Error
         * @static
         * @param {v1alpha1.Error} message Error
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        Error.toObject = function toObject(message, options, q) {
            if (!options)
                options = {};
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            let object = {};
            if (options.defaults)
                object.code = "";
            if (message.code != null && Object.hasOwnProperty.call(message, "code"))
                object.code = message.code;
            return object;
        };

        /**
         * Converts this Error to JSON.
         * @function toJSON
         * @memberof v1alpha1.Error
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        Error.prototype.toJSON = function toJSON() {
            return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
        };

        return Error;
    })();

    v1alpha1.File = (function() {

        /**
         * Properties of a File.
         * @memberof v1alpha1
         * @interface IFile
         * @property {string|null} [path] File path
         * @property {number|null} [mode] File mode
         * @property {Uint8Array|null} [contents] File contents
         */

        /**
         * Constructs a new File.
         * @memberof v1alpha1
         * @classdesc Represents a File.
         * @implements IFile
         * @constructor
         * @param {v1alpha1.IFile=} [properties] Properties to set
         */
        function File(properties) {
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        /**
         * File path.
         * @member {string} path
         * @memberof v1alpha1.File
         * @instance
         */
        File.prototype.path = "";

        /**
         * File mode.
         * @member {number} mode
         * @memberof v1alpha1.File
         * @instance
         */
        File.prototype.mode = 0;

        /**
         * File contents.
         * @member {Uint8Array} contents
         * @memberof v1alpha1.File
         * @instance
         */
        File.prototype.contents = $util.newBuffer([]);

        /**
         * Encodes the specified File message. Does not implicitly {@link v1alpha1.File.verify|verify} messages.
         * @function encode
         * @memberof v1alpha1.File
         * @static
         * @param {v1alpha1.IFile} message File message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        File.encode = function encode(message, writer, q) {
            if (!writer)
                writer = $Writer.create();
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            if (message.path != null && Object.hasOwnProperty.call(message, "path"))
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.path);
            if (message.mode != null && Object.hasOwnProperty.call(message, "mode"))
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.mode);
            if (message.contents != null && Object.hasOwnProperty.call(message, "contents"))
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.contents);
            return writer;
        };

        /**
         * Decodes a File message from the specified reader or buffer.
         * @function decode
         * @memberof v1alpha1.File
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {v1alpha1.File} File
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        File.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.v1alpha1.File();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 1: {
                        message.path = reader.string();
                        break;
                    }
                case 2: {
                        message.mode = reader.int32();
                        break;
                    }
                case 3: {
                        message.contents = reader.bytes();
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        /**
         * Creates a File message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof v1alpha1.File
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {v1alpha1.File} File
         */
        File.fromObject = function fromObject(object, long) {
            if (object instanceof $root.v1alpha1.File)
                return object;
            if (!$util.isObject(object))
                throw TypeError(".v1alpha1.File: object expected");
            if (long === undefined)
                long = 0;
            if (long > $util.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let message = new $root.v1alpha1.File();
            if (object.path != null)
                message.path = String(object.path);
            if (object.mode != null)
                message.mode = object.mode | 0;
            if (object.contents != null)
                if (typeof object.contents === "string")
                    $util.base64.decode(object.contents, message.contents = $util.newBuffer($util.base64.length(object.contents)), 0);
                else if (object.contents.length >= 0)
                    message.contents = object.contents;
            return message;
        };

        /**
         * Creates a plain object from a File message. Also converts values to other types if specified.
         * @function toObject
         * @memberof v1alpha1.File
         * @static
         * @param {v1alpha1.File} message File
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        File.toObject = function toObject(message, options, q) {
            if (!options)
                options = {};
            if (q === undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                object.path = "";
                object.mode = 0;
                if (options.bytes === String)
                    object.contents = "";
                else {
                    object.contents = [];
                    if (options.bytes !== Array)
                        object.contents = $util.newBuffer(object.contents);
                }
            }
            if (message.path != null && Object.hasOwnProperty.call(message, "path"))
                object.path = message.path;
            if (message.mode != null && Object.hasOwnProperty.call(message, "mode"))
                object.mode = message.mode;
            if (message.contents != null && Object.hasOwnProperty.call(message, "contents"))
                object.contents = options.bytes === String ? $util.base64.encode(message.contents, 0, message.contents.length) : options.bytes === Array ? Array.prototype.slice.call(message.contents) : message.contents;
            return object;
        };

        /**
         * Converts this File to JSON.
         * @function toJSON
         * @memberof v1alpha1.File
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        File.prototype.toJSON = function toJSON() {
            return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
        };

        return File;
    })();

    return v1alpha1;
})();

export const grpc = $root.grpc = (() => {

    /**
     * Namespace grpc.
     * @exports grpc
     * @namespace
     */
    const grpc = {};

    grpc.health = (function() {

        /**
         * Namespace health.
         * @memberof grpc
         * @namespace
         */
        const health = {};

        health.v1 = (function() {

            /**
             * Namespace v1.
             * @memberof grpc.health
             * @namespace
             */
            const v1 = {};

            v1.HealthCheckRequest = (function() {

                /**
                 * Properties of a HealthCheckRequest.
                 * @memberof grpc.health.v1
                 * @interface IHealthCheckRequest
                 * @property {string|null} [service] HealthCheckRequest service
                 */

                /**
                 * Constructs a new HealthCheckRequest.
                 * @memberof grpc.health.v1
                 * @classdesc Represents a HealthCheckRequest.
                 * @implements IHealthCheckRequest
                 * @constructor
                 * @param {grpc.health.v1.IHealthCheckRequest=} [properties] Properties to set
                 */
                function HealthCheckRequest(properties) {
                    if (properties)
                        for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                }

                /**
                 * HealthCheckRequest service.
                 * @member {string} service
                 * @memberof grpc.health.v1.HealthCheckRequest
                 * @instance
                 */
                HealthCheckRequest.prototype.service = "";

                /**
                 * Encodes the specified HealthCheckRequest message. Does not implicitly {@link grpc.health.v1.HealthCheckRequest.verify|verify} messages.
                 * @function encode
                 * @memberof grpc.health.v1.HealthCheckRequest
                 * @static
                 * @param {grpc.health.v1.IHealthCheckRequest} message HealthCheckRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                HealthCheckRequest.encode = function encode(message, writer, q) {
                    if (!writer)
                        writer = $Writer.create();
                    if (q === undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw Error("max depth exceeded");
                    if (message.service != null && Object.hasOwnProperty.call(message, "service"))
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.service);
                    return writer;
                };

                /**
                 * Decodes a HealthCheckRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof grpc.health.v1.HealthCheckRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {grpc.health.v1.HealthCheckRequest} HealthCheckRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                HealthCheckRequest.decode = function decode(reader, length, error, long) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (long === undefined)
                        long = 0;
                    if (long > $Reader.recursionLimit)
                        throw Error("maximum nesting depth exceeded");
                    let end, message;
                    if (length === undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = new $root.grpc.health.v1.HealthCheckRequest();
                    while (reader.pos < end) {
                        let tag = reader.uint32();
                        if (tag === error)
                            break;
                        switch (tag >>> 3) {
                        case 1: {
                                message.service = reader.string();
                                break;
                            }
                        default:
                            reader.skipType(tag & 7, long);
                            break;
                        }
                    }
                    if (length !== undefined) {
                        if (reader.pos !== end)
                            throw RangeError("index out of range");
                        reader.len = length;
                    }
                    return message;
                };

                /**
                 * Creates a HealthCheckRequest message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof grpc.health.v1.HealthCheckRequest
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {grpc.health.v1.HealthCheckRequest} HealthCheckRequest
                 */
                HealthCheckRequest.fromObject = function fromObject(object, long) {
                    if (object instanceof $root.grpc.health.v1.HealthCheckRequest)
                        return object;
                    if (!$util.isObject(object))
                        throw TypeError(".grpc.health.v1.HealthCheckRequest: object expected");
                    if (long === undefined)
                        long = 0;
                    if (long > $util.recursionLimit)
                        throw Error("maximum nesting depth exceeded");
                    let message = new $root.grpc.health.v1.HealthCheckRequest();
                    if (object.service != null)
                        message.service = String(object.service);
                    return message;
                };

                /**
                 * Creates a plain object from a HealthCheckRequest message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof grpc.health.v1.HealthCheckRequest
                 * @static
                 * @param {grpc.health.v1.HealthCheckRequest} message HealthCheckRequest
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                HealthCheckRequest.toObject = function toObject(message, options, q) {
                    if (!options)
                        options = {};
                    if (q === undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw Error("max depth exceeded");
                    let object = {};
                    if (options.defaults)
                        object.service = "";
                    if (message.service != null && Object.hasOwnProperty.call(message, "service"))
                        object.service = message.service;
                    return object;
                };

                /**
                 * Converts this HealthCheckRequest to JSON.
                 * @function toJSON
                 * @memberof grpc.health.v1.HealthCheckRequest
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                HealthCheckRequest.prototype.toJSON = function toJSON() {
                    return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
                };

                return HealthCheckRequest;
            })();

            v1.HealthCheckResponse = (function() {

                /**
                 * Properties of a HealthCheckResponse.
                 * @memberof grpc.health.v1
                 * @interface IHealthCheckResponse
                 * @property {grpc.health.v1.HealthCheckResponse.ServingStatus|null} [status] HealthCheckResponse status
                 */

                /**
                 * Constructs a new HealthCheckResponse.
                 * @memberof grpc.health.v1
                 * @classdesc Represents a HealthCheckResponse.
                 * @implements IHealthCheckResponse
                 * @constructor
                 * @param {grpc.health.v1.IHealthCheckResponse=} [properties] Properties to set
                 */
                function HealthCheckResponse(properties) {
                    if (properties)
                        for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                }

                /**
                 * HealthCheckResponse status.
                 * @member {grpc.health.v1.HealthCheckResponse.ServingStatus} status
                 * @memberof grpc.health.v1.HealthCheckResponse
                 * @instance
                 */
                HealthCheckResponse.prototype.status = 0;

                /**
                 * Encodes the specified HealthCheckResponse message. Does not implicitly {@link grpc.health.v1.HealthCheckResponse.verify|verify} messages.
                 * @function encode
                 * @memberof grpc.health.v1.HealthCheckResponse
                 * @static
                 * @param {grpc.health.v1.IHealthCheckResponse} message HealthCheckResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                HealthCheckResponse.encode = function encode(message, writer, q) {
                    if (!writer)
                        writer = $Writer.create();
                    if (q === undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw Error("max depth exceeded");
                    if (message.status != null && Object.hasOwnProperty.call(message, "status"))
                        writer.uint32(/* id 1, wireType 0 =*/8).int32(message.status);
                    return writer;
                };

                /**
                 * Decodes a HealthCheckResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof grpc.health.v1.HealthCheckResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {grpc.health.v1.HealthCheckResponse} HealthCheckResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                HealthCheckResponse.decode = function decode(reader, length, error, long) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (long === undefined)
                        long = 0;
                    if (long > $Reader.recursionLimit)
                        throw Error("maximum nesting depth exceeded");
                    let end, message;
                    if (length === undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = new $root.grpc.health.v1.HealthCheckResponse();
                    while (reader.pos < end) {
                        let tag = reader.uint32();
                        if (tag === error)
                            break;
                        switch (tag >>> 3) {
                        case 1: {
                                message.status = reader.int32();
                                break;
                            }
                        default:
                            reader.skipType(tag & 7, long);
                            break;
                        }
                    }
                    if (length !== undefined) {
                        if (reader.pos !== end)
                            throw RangeError("index out of range");
                        reader.len = length;
                    }
                    return message;
                };

                /**
                 * Creates a HealthCheckResponse message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof grpc.health.v1.HealthCheckResponse
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {grpc.health.v1.HealthCheckResponse} HealthCheckResponse
                 */
                HealthCheckResponse.fromObject = function fromObject(object, long) {
                    if (object instanceof $root.grpc.health.v1.HealthCheckResponse)
                        return object;
                    if (!$util.isObject(object))
                        throw TypeError(".grpc.health.v1.HealthCheckResponse: object expected");
                    if (long === undefined)
                        long = 0;
                    if (long > $util.recursionLimit)
                        throw Error("maximum nesting depth exceeded");
                    let message = new $root.grpc.health.v1.HealthCheckResponse();
                    switch (object.status) {
                    default:
                        if (typeof object.status === "number") {
                            message.status = object.status;
                            break;
                        }
                        break;
                    case "UNKNOWN":
                    case 0:
                        message.status = 0;
                        break;
                    case "SERVING":
                    case 1:
                        message.status = 1;
                        break;
                    case "NOT_SERVING":
                    case 2:
                        message.status = 2;
                        break;
                    case "SERVICE_UNKNOWN":
                    case 3:
                        message.status = 3;
                        break;
                    }
                    return message;
                };

                /**
                 * Creates a plain object from a HealthCheckResponse message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof grpc.health.v1.HealthCheckResponse
                 * @static
                 * @param {grpc.health.v1.HealthCheckResponse} message HealthCheckResponse
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                HealthCheckResponse.toObject = function toObject(message, options, q) {
                    if (!options)
                        options = {};
                    if (q === undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw Error("max depth exceeded");
                    let object = {};
                    if (options.defaults)
                        object.status = options.enums === String ? "UNKNOWN" : 0;
                    if (message.status != null && Object.hasOwnProperty.call(message, "status"))
                        object.status = options.enums === String ? $root.grpc.health.v1.HealthCheckResponse.ServingStatus[message.status] === undefined ? message.status : $root.grpc.health.v1.HealthCheckResponse.ServingStatus[message.status] : message.status;
                    return object;
                };

                /**
                 * Converts this HealthCheckResponse to JSON.
                 * @function toJSON
                 * @memberof grpc.health.v1.HealthCheckResponse
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                HealthCheckResponse.prototype.toJSON = function toJSON() {
                    return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
                };

                /**
                 * ServingStatus enum.
                 * @name grpc.health.v1.HealthCheckResponse.ServingStatus
                 * @enum {number}
                 * @property {number} UNKNOWN=0 UNKNOWN value
                 * @property {number} SERVING=1 SERVING value
                 * @property {number} NOT_SERVING=2 NOT_SERVING value
                 * @property {number} SERVICE_UNKNOWN=3 SERVICE_UNKNOWN value
                 */
                HealthCheckResponse.ServingStatus = (function() {
                    const valuesById = {}, values = Object.create(valuesById);
                    values[valuesById[0] = "UNKNOWN"] = 0;
                    values[valuesById[1] = "SERVING"] = 1;
                    values[valuesById[2] = "NOT_SERVING"] = 2;
                    values[valuesById[3] = "SERVICE_UNKNOWN"] = 3;
                    return values;
                })();

                return HealthCheckResponse;
            })();

            v1.HealthListRequest = (function() {

                /**
                 * Properties of a HealthListRequest.
                 * @memberof grpc.health.v1
                 * @interface IHealthListRequest
                 */

                /**
                 * Constructs a new HealthListRequest.
                 * @memberof grpc.health.v1
                 * @classdesc Represents a HealthListRequest.
                 * @implements IHealthListRequest
                 * @constructor
                 * @param {grpc.health.v1.IHealthListRequest=} [properties] Properties to set
                 */
                function HealthListRequest(properties) {
                    if (properties)
                        for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                }

                /**
                 * Encodes the specified HealthListRequest message. Does not implicitly {@link grpc.health.v1.HealthListRequest.verify|verify} messages.
                 * @function encode
                 * @memberof grpc.health.v1.HealthListRequest
                 * @static
                 * @param {grpc.health.v1.IHealthListRequest} message HealthListRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                HealthListRequest.encode = function encode(message, writer, q) {
                    if (!writer)
                        writer = $Writer.create();
                    if (q === undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw Error("max depth exceeded");
                    return writer;
                };

                /**
                 * Decodes a HealthListRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof grpc.health.v1.HealthListRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {grpc.health.v1.HealthListRequest} HealthListRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                HealthListRequest.decode = function decode(reader, length, error, long) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (long === undefined)
                        long = 0;
                    if (long > $Reader.recursionLimit)
                        throw Error("maximum nesting depth exceeded");
                    let end, message;
                    if (length === undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = new $root.grpc.health.v1.HealthListRequest();
                    while (reader.pos < end) {
                        let tag = reader.uint32();
                        if (tag === error)
                            break;
                        switch (tag >>> 3) {
                        default:
                            reader.skipType(tag & 7, long);
                            break;
                        }
                    }
                    if (length !== undefined) {
                        if (reader.pos !== end)
                            throw RangeError("index out of range");
                        reader.len = length;
                    }
                    return message;
                };

                /**
                 * Creates a HealthListRequest message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof grpc.health.v1.HealthListRequest
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {grpc.health.v1.HealthListRequest} HealthListRequest
                 */
                HealthListRequest.fromObject = function fromObject(object, long) {
                    if (object instanceof $root.grpc.health.v1.HealthListRequest)
                        return object;
                    return new $root.grpc.health.v1.HealthListRequest();
                };

                /**
                 * Creates a plain object from a HealthListRequest message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof grpc.health.v1.HealthListRequest
                 * @static
                 * @param {grpc.health.v1.HealthListRequest} message HealthListRequest
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                HealthListRequest.toObject = function toObject() {
                    return {};
                };

                /**
                 * Converts this HealthListRequest to JSON.
                 * @function toJSON
                 * @memberof grpc.health.v1.HealthListRequest
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                HealthListRequest.prototype.toJSON = function toJSON() {
                    return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
                };

                return HealthListRequest;
            })();

            v1.HealthListResponse = (function() {

                /**
                 * Properties of a HealthListResponse.
                 * @memberof grpc.health.v1
                 * @interface IHealthListResponse
                 * @property {Object.<string,grpc.health.v1.IHealthCheckResponse>|null} [statuses] HealthListResponse statuses
                 */

                /**
                 * Constructs a new HealthListResponse.
                 * @memberof grpc.health.v1
                 * @classdesc Represents a HealthListResponse.
                 * @implements IHealthListResponse
                 * @constructor
                 * @param {grpc.health.v1.IHealthListResponse=} [properties] Properties to set
                 */
                function HealthListResponse(properties) {
                    this.statuses = {};
                    if (properties)
                        for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                }

                /**
                 * HealthListResponse statuses.
                 * @member {Object.<string,grpc.health.v1.IHealthCheckResponse>} statuses
                 * @memberof grpc.health.v1.HealthListResponse
                 * @instance
                 */
                HealthListResponse.prototype.statuses = $util.emptyObject;

                /**
                 * Encodes the specified HealthListResponse message. Does not implicitly {@link grpc.health.v1.HealthListResponse.verify|verify} messages.
                 * @function encode
                 * @memberof grpc.health.v1.HealthListResponse
                 * @static
                 * @param {grpc.health.v1.IHealthListResponse} message HealthListResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                HealthListResponse.encode = function encode(message, writer, q) {
                    if (!writer)
                        writer = $Writer.create();
                    if (q === undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw Error("max depth exceeded");
                    if (message.statuses != null && Object.hasOwnProperty.call(message, "statuses"))
                        for (let keys = Object.keys(message.statuses), i = 0; i < keys.length; ++i) {
                            writer.uint32(/* id 1, wireType 2 =*/10).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]);
                            $root.grpc.health.v1.HealthCheckResponse.encode(message.statuses[keys[i]], writer.uint32(/* id 2, wireType 2 =*/18).fork(), q + 1).ldelim().ldelim();
                        }
                    return writer;
                };

                /**
                 * Decodes a HealthListResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof grpc.health.v1.HealthListResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {grpc.health.v1.HealthListResponse} HealthListResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                HealthListResponse.decode = function decode(reader, length, error, long) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (long === undefined)
                        long = 0;
                    if (long > $Reader.recursionLimit)
                        throw Error("maximum nesting depth exceeded");
                    let end, message, key, value;
                    if (length === undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = new $root.grpc.health.v1.HealthListResponse();
                    while (reader.pos < end) {
                        let tag = reader.uint32();
                        if (tag === error)
                            break;
                        switch (tag >>> 3) {
                        case 1: {
                                if (message.statuses === $util.emptyObject)
                                    message.statuses = {};
                                let end2 = reader.uint32() + reader.pos;
                                if (end2 > reader.len)
                                    throw RangeError("index out of range");
                                reader.len = end2;
                                key = "";
                                value = null;
                                while (reader.pos < end2) {
                                    let tag2 = reader.uint32();
                                    switch (tag2 >>> 3) {
                                    case 1:
                                        key = reader.string();
                                        break;
                                    case 2:
                                        value = $root.grpc.health.v1.HealthCheckResponse.decode(reader, reader.uint32(), undefined, long + 1);
                                        break;
                                    default:
                                        reader.skipType(tag2 & 7, long);
                                        break;
                                    }
                                }
                                if (reader.pos !== end2)
                                    throw RangeError("index out of range");
                                reader.len = end;
                                if (key === "__proto__")
                                    $util.makeProp(message.statuses, key);
                                message.statuses[key] = value;
                                break;
                            }
                        default:
                            reader.skipType(tag & 7, long);
                            break;
                        }
                    }
                    if (length !== undefined) {
                        if (reader.pos !== end)
                            throw RangeError("index out of range");
                        reader.len = length;
                    }
                    return message;
                };

                /**
                 * Creates a HealthListResponse message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof grpc.health.v1.HealthListResponse
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {grpc.health.v1.HealthListResponse} HealthListResponse
                 */
                HealthListResponse.fromObject = function fromObject(object, long) {
                    if (object instanceof $root.grpc.health.v1.HealthListResponse)
                        return object;
                    if (!$util.isObject(object))
                        throw TypeError(".grpc.health.v1.HealthListResponse: object expected");
                    if (long === undefined)
                        long = 0;
                    if (long > $util.recursionLimit)
                        throw Error("maximum nesting depth exceeded");
                    let message = new $root.grpc.health.v1.HealthListResponse();
                    if (object.statuses) {
                        if (!$util.isObject(object.statuses))
                            throw TypeError(".grpc.health.v1.HealthListResponse.statuses: object expected");
                        message.statuses = {};
                        for (let keys = Object.keys(object.statuses), i = 0; i < keys.length; ++i) {
                            if (keys[i] === "__proto__")
                                $util.makeProp(message.statuses, keys[i]);
                            if (!$util.isObject(object.statuses[keys[i]]))
                                throw TypeError(".grpc.health.v1.HealthListResponse.statuses: object expected");
                            message.statuses[keys[i]] = $root.grpc.health.v1.HealthCheckResponse.fromObject(object.statuses[keys[i]], long + 1);
                        }
                    }
                    return message;
                };

                /**
                 * Creates a plain object from a HealthListResponse message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof grpc.health.v1.HealthListResponse
                 * @static
                 * @param {grpc.health.v1.HealthListResponse} message HealthListResponse
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                HealthListResponse.toObject = function toObject(message, options, q) {
                    if (!options)
                        options = {};
                    if (q === undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw Error("max depth exceeded");
                    let object = {};
                    if (options.objects || options.defaults)
                        object.statuses = {};
                    let keys2;
                    if (message.statuses && (keys2 = Object.keys(message.statuses)).length) {
                        object.statuses = {};
                        for (let j = 0; j < keys2.length; ++j) {
                            if (keys2[j] === "__proto__")
                                $util.makeProp(object.statuses, keys2[j]);
                            object.statuses[keys2[j]] = $root.grpc.health.v1.HealthCheckResponse.toObject(message.statuses[keys2[j]], options, q + 1);
                        }
                    }
                    return object;
                };

                /**
                 * Converts this HealthListResponse to JSON.
                 * @function toJSON
                 * @memberof grpc.health.v1.HealthListResponse
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                HealthListResponse.prototype.toJSON = function toJSON() {
                    return this.constructor.toObject(this, $protobuf.util.toJSONOptions);
                };

                return HealthListResponse;
            })();

            return v1;
        })();

        return health;
    })();

    return grpc;
})();

export { $root as default };
