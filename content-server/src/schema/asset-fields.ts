import { GraphQLBoolean, type GraphQLFieldConfigMap, GraphQLInputObjectType, GraphQLInt, GraphQLString } from 'graphql';
import { documentFormats, fits } from '../assets/transformation.ts';
import type { Entry } from '../store/documents.ts';
import type { Arguments, RequestContext } from './context.ts';
import { enumOf, required } from './system.ts';

const input = (name: string, fields: ConstructorParameters<typeof GraphQLInputObjectType>[0]['fields']) =>
  new GraphQLInputObjectType({ name, fields });

const whole = { type: GraphQLInt };

const ImageTransformation = input('ImageTransformationInput', {
  resize: {
    type: input('ImageResizeInput', {
      width: { type: GraphQLInt, description: 'Pixels, 1 to 10,000.' },
      height: { type: GraphQLInt, description: 'Pixels, 1 to 10,000.' },
      fit: {
        type: enumOf('ImageFit', 'What happens when the shape differs.', fits),
        description: 'Defaults to `clip`.',
      },
    }),
  },
  quality: { type: input('ImageQualityInput', { value: { type: GraphQLInt, description: '1 to 100.' } }) },
  blur: { type: input('ImageBlurInput', { amount: { type: GraphQLInt, description: '1 to 20.' } }) },
  sharpen: { type: input('ImageSharpenInput', { amount: { type: GraphQLInt, description: '0 to 20.' } }) },
  crop: { type: input('ImageCropInput', { x: whole, y: whole, width: whole, height: whole }) },
});

const DocumentTransformation = input('DocumentTransformationInput', {
  output: {
    type: input('DocumentOutputInput', {
      format: { type: enumOf('DocumentFileTypes', 'Format to deliver.', documentFormats) },
    }),
  },
});

export const AssetTransformation = input('AssetTransformationInput', {
  image: { type: ImageTransformation },
  document: { type: DocumentTransformation },
  validateOptions: {
    type: GraphQLBoolean,
    defaultValue: false,
    description: 'Refuse what cannot be done instead of leaving it out.',
  },
});

/** What assets have beyond the fields of every model. */
export const assetFields: GraphQLFieldConfigMap<Entry, RequestContext> = {
  url: {
    type: required(GraphQLString),
    description: 'Address of the file, transformed if asked.',
    args: { transformation: { type: AssetTransformation } },
    resolve: ({ snapshot }, { transformation }: Arguments, { assets }) =>
      assets.urlOf(String(snapshot.base.handle), transformation),
  },
};
